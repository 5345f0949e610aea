import {
  ArgumentTypeError,
  Attachment,
  attach,
  checkOptions,
  type Handle,
  type NameOptions,
  openObject,
  registerType,
} from '@multiproc/core';
import { AtomicDict } from './atomic-dict.js';
import { dictSpec } from './dict-base.js';
import type { DictKey } from './key.js';

/** Options of {@link ManagerDict}. */
export interface ManagerDictOptions extends NameOptions {
  /**
   * `false`: plain objects and arrays that are read can be changed; the change is lost. For all
   * agents that use the dictionary. Left out: they are frozen.
   */
  freeze?: boolean | undefined;
}

/**
 * A dictionary in the memory that all threads and processes of a family share: a `Map` that each
 * of them reads and changes directly.
 *
 * Reading takes no lock, makes no system call and never waits. Writing locks a sixteenth of the
 * keys for well below a microsecond. Every change is committed by one store: whoever looks sees
 * the old or the new value, also when an agent is killed in the middle. The dictionary lives as
 * long as any agent, or any value on its way, refers to it. One that contains itself, directly or
 * not, lives as long as the family.
 *
 * Keys are compared by value: strings, numbers, bigints, booleans, `null`, `undefined` and plain
 * arrays of these. Values are copies, frozen where that is possible; shared objects (a `Lock`,
 * another `ManagerDict`) are stored as themselves.
 *
 * Python counterpart: `multiprocessing.Manager().dict()`. Differences: no server process, so
 * nothing is lost when one dies; a change of a nested plain object throws instead of vanishing;
 * changing the dictionary while it is iterated is allowed; `increment`, `compute` and
 * `compareAndSet` are atomic.
 *
 * @typeParam K - keys
 * @typeParam V - values
 *
 * @example
 * ```ts
 * import { ManagerDict } from '@multiproc/manager-dict';
 *
 * const scores = new ManagerDict<string, number>([['ann', 1]]);
 * scores.increment('ann', 2);
 * console.log(scores.get('ann'), scores.size); // → 3 1
 * ```
 */
export class ManagerDict<K extends DictKey = DictKey, V = unknown> extends AtomicDict<K, V> {
  static {
    registerType({ name: 'ManagerDict', shared: ManagerDict, module: import.meta.url });
  }

  /**
   * Makes a dictionary, or finds the one with the name: then the other arguments do not count.
   *
   * @param entries - pairs of key and value, for example a `Map`. The options may stand here instead
   * @param options - `name`, to share it without sending it; `freeze`
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), and what `set` throws; nothing is made then
   */
  constructor(entries?: Iterable<readonly [K, V]> | null, options?: ManagerDictOptions);
  /** As above. */
  constructor(options: ManagerDictOptions);
  /** @internal */
  constructor(attachment: Attachment);
  constructor(
    first: Iterable<readonly [K, V]> | ManagerDictOptions | Attachment | null = null,
    second?: ManagerDictOptions,
  ) {
    const { entries, options } = argumentsOf<K, V>(first, second);
    let isMade = false;
    const spec = dictSpec(!(options instanceof Attachment) && options.freeze !== false, () => {
      isMade = true;
    });
    const source = openObject(spec, options);
    if (source instanceof ManagerDict) return source;
    super(spec, source);
    if (!isMade || entries === undefined) return;
    try {
      this.setMany(entries);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * The dictionary that a handle names.
   *
   * @param handle - `handle` of a dictionary of this family
   * @returns the same object for the same dictionary
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its dictionary is gone
   */
  static from<K extends DictKey = DictKey, V = unknown>(handle: Handle): ManagerDict<K, V> {
    return attach(handle, 'ManagerDict') as ManagerDict<K, V>;
  }

  /**
   * A new dictionary in which all keys have the same value.
   *
   * @param keys - compared by value
   * @param value - of each of them
   * @throws as the constructor
   */
  static fromkeys<K extends DictKey, V = null>(
    keys: Iterable<K>,
    value: V = null as V,
  ): ManagerDict<K, V> {
    return new ManagerDict(Array.from(keys, (key): [K, V] => [key, value]));
  }
}

interface Arguments<K, V> {
  readonly entries: Iterable<readonly [K, V]> | undefined;
  readonly options: ManagerDictOptions | Attachment;
}

function argumentsOf<K, V>(
  first: unknown,
  second: ManagerDictOptions | undefined,
): Arguments<K, V> {
  if (first instanceof Attachment) return { entries: undefined, options: first };
  if (first === null || first === undefined || isIterable(first)) {
    const entries = (first ?? undefined) as Iterable<readonly [K, V]> | undefined;
    return { entries, options: checkDictOptions(second ?? {}) };
  }
  if (second !== undefined) throw new ArgumentTypeError('entries', 'iterable', first);
  return { entries: undefined, options: checkDictOptions(first as ManagerDictOptions) };
}

function isIterable(value: unknown): boolean {
  return typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function';
}

function checkDictOptions(options: ManagerDictOptions): ManagerDictOptions {
  checkOptions(options);
  for (const name of Object.keys(options)) {
    if (name === 'name' || name === 'freeze') continue;
    throw new ArgumentTypeError(
      'the only argument',
      'iterable, or the options `name` and `freeze` (for the content of an object: Object.entries(object))',
      options,
    );
  }
  const { freeze } = options;
  if (freeze !== undefined && typeof freeze !== 'boolean') {
    throw new ArgumentTypeError('options.freeze', 'a boolean', freeze);
  }
  return options;
}
