import {
  ArgumentRangeError,
  ArgumentTypeError,
  Attachment,
  attach,
  checkFunction,
  checkOptions,
  currentFamily,
  type Handle,
  type ObjectSpec,
  openObject,
  registerType,
  type WaitOptions,
} from '@multiproc/core';
import { atomicAdd, atomicCompareExchange } from './atomic-add.js';
import { type Elements, type Kind, kindOf } from './kind.js';
import { LockPlan } from './lock-plan.js';
import type { LockOptions } from './options.js';
import { elementOfScalar, scalarOfElement } from './scalar.js';
import { FIRST, KIND, Synchronized } from './synchronized.js';
import type { ElementInput, ElementOf, ScalarInput, ScalarOf, TypeCode } from './typecodes.js';

const BYTES = FIRST * 4 + 8;

/**
 * One number or character in shared memory.
 *
 * Reading and writing `value` is one memory access each, never torn, and does not wait for the
 * lock. What reads and writes must be one step: `add`, `sub`, `exchange` and `compareExchange` are
 * atomic without the lock; anything else goes into {@link Value.update} or under the lock.
 *
 * Python counterpart: `multiprocessing.Value`. Differences: the atomic methods, which Python lacks
 * (`value += 1` is not atomic there, nor here); what does not fit throws instead of wrapping
 * around; a single access does not take the lock; 64-bit integers are bigints. The sizes of `l`
 * and `L` are those of 64-bit Linux everywhere.
 *
 * @typeParam Code - what the value is
 *
 * @example
 * ```ts
 * import { Value } from '@multiproc/shared';
 *
 * const hits = new Value('i', 40);
 * hits.add(2);
 * console.log(hits.value); // → 42
 * ```
 */
export class Value<Code extends TypeCode = TypeCode> extends Synchronized {
  /** @internal */
  static readonly type: string = 'Value';
  static {
    registerType({ name: 'Value', shared: Value, module: import.meta.url });
  }

  /** The one element. */
  readonly #cells!: Elements;

  /**
   * Makes a value, or finds the one with the name.
   *
   * @param typecode - what it is: a typecode of Python's, or a name like `f64`
   * @param value - what it is at first; 0 when left out
   * @param options - `lock`, and `name`, to share the value without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`) for
   *   a value that does not fit, or another typecode than the named value has
   * @throws ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(typecode: Code, value?: ScalarInput<Code>, options?: LockOptions);
  /** @internal */
  constructor(typecode: Code | Attachment, value?: ScalarInput<Code>, options?: LockOptions);
  constructor(typecode: Code | Attachment, value?: ScalarInput<Code>, options: LockOptions = {}) {
    const { type } = new.target;
    const plan =
      typecode instanceof Attachment ? undefined : planValue(type, typecode, value, options);
    const source = plan ? openObject(plan.spec, options) : (typecode as Attachment);
    if (source instanceof Value) {
      plan?.compare(source, false);
      return source;
    }
    super(plan?.spec ?? { type, bytes: 0 }, source);
    plan?.lock.finish();
    plan?.compare(this, true);
    const { buffer } = this.family.memory.words;
    this.#cells = new this.kind.Array(buffer, (this.content + FIRST) * 4, 1);
  }

  /**
   * The value that a handle names.
   *
   * @param handle - `handle` of a Value of this family
   * @returns the same object for the same value
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its value is gone
   */
  static from<Code extends TypeCode = TypeCode>(handle: Handle): Value<Code> {
    return attach(handle, Value.type) as Value<Code>;
  }

  /**
   * The number; one byte as a Buffer for `c`, one character for `u`.
   */
  get value(): ScalarOf<Code> {
    this.checkUsable();
    const isFloat = this.kind.sort === 'float';
    const element = isFloat ? this.#cells[0] : Atomics.load(this.#cells as Int32Array, 0);
    return scalarOfElement(this.kind, element as number) as ScalarOf<Code>;
  }

  /**
   * Sets it, without waiting for the lock.
   *
   * @throws ArgumentTypeError, ArgumentRangeError for what does not fit
   */
  set value(value: ScalarInput<Code>) {
    this.checkUsable();
    const element = elementOfScalar(this.kind, value, 'value') as number;
    if (this.kind.sort === 'float') this.#cells[0] = element;
    else Atomics.store(this.#cells as Int32Array, 0, element);
  }

  /**
   * Adds to an integer in one atomic step.
   *
   * @param delta - a safe integer, or a bigint where the value is one
   * @returns the value before
   * @throws ArgumentRangeError when the sum does not fit; the value is unchanged then
   * @throws ArgumentTypeError when the value is no integer
   */
  add(delta: ElementInput<Code>): ElementOf<Code> {
    return this.#add('add', delta, 1);
  }

  /**
   * Subtracts from an integer in one atomic step.
   *
   * @param delta - a safe integer, or a bigint where the value is one
   * @returns the value before
   * @throws ArgumentRangeError when the difference does not fit; the value is unchanged then
   * @throws ArgumentTypeError when the value is no integer
   */
  sub(delta: ElementInput<Code>): ElementOf<Code> {
    return this.#add('sub', delta, -1);
  }

  /**
   * Sets the value in one atomic step.
   *
   * @param value - the new value
   * @returns the value before
   * @throws ArgumentTypeError, ArgumentRangeError for a float or for what does not fit
   */
  exchange(value: ScalarInput<Code>): ScalarOf<Code> {
    this.#checkAtomic('exchange');
    const element = elementOfScalar(this.kind, value, 'value') as number;
    const before = Atomics.exchange(this.#cells as Int32Array, 0, element);
    return scalarOfElement(this.kind, before) as ScalarOf<Code>;
  }

  /**
   * Sets the value in one atomic step if it is the expected one.
   *
   * @param expected - what it must be to be changed
   * @param replacement - the new value
   * @returns the value before: it was changed if that is `expected`
   * @throws ArgumentTypeError, ArgumentRangeError for a float or for what does not fit
   */
  compareExchange(expected: ScalarInput<Code>, replacement: ScalarInput<Code>): ScalarOf<Code> {
    this.#checkAtomic('compareExchange');
    const before = atomicCompareExchange(
      this.#cells,
      elementOfScalar(this.kind, expected, 'expected'),
      elementOfScalar(this.kind, replacement, 'replacement'),
    );
    return scalarOfElement(this.kind, before) as ScalarOf<Code>;
  }

  /**
   * Changes the value under the lock: whatever its kind, no other `update` or holder of the lock
   * comes in between.
   *
   * @param fn - is given the value, and returns the new one or a promise of it
   * @param options - `timeout` in milliseconds, `signal`; both end the wait for the lock
   * @returns the new value
   * @throws what `fn` threw, and then the value is unchanged; NoLockError (`ERR_NO_LOCK`);
   *   TimeoutError (`ERR_TIMEOUT`)
   */
  async update(
    fn: (value: ScalarOf<Code>) => ScalarInput<Code> | Promise<ScalarInput<Code>>,
    options?: WaitOptions,
  ): Promise<ScalarOf<Code>> {
    checkFunction(fn, 'fn');
    return this.runExclusive(async () => {
      this.value = await fn(this.value);
      return this.value;
    }, options);
  }

  /**
   * Changes the value under the lock, and blocks the thread until that is free.
   *
   * @param fn - is given the value, and returns the new one
   * @param options - `timeout` in milliseconds
   * @returns the new value
   * @throws as {@link Value.update}
   */
  updateSync(
    fn: (value: ScalarOf<Code>) => ScalarInput<Code>,
    options?: WaitOptions,
  ): ScalarOf<Code> {
    checkFunction(fn, 'fn');
    return this.runExclusiveSync(() => {
      this.value = fn(this.value);
      return this.value;
    }, options);
  }

  /**
   * Makes another value of the same kind that is now equal. Python counterpart:
   * `multiprocessing.sharedctypes.copy`.
   *
   * @param options - `lock` and `name` of the copy
   */
  copy(options: LockOptions = {}): this {
    const Type = this.constructor as new (...args: unknown[]) => this;
    return new Type(this.kind.name, this.value, options);
  }

  #add(method: string, delta: ElementInput<Code>, sign: 1 | -1): ElementOf<Code> {
    this.#checkAtomic(method);
    const { sort } = this.kind;
    if (sort === 'integer' && Number.isSafeInteger(delta)) {
      return atomicAdd(this.#cells, (delta as number) * sign, this.kind) as ElementOf<Code>;
    }
    if (sort === 'bigint' && (typeof delta === 'bigint' || Number.isSafeInteger(delta))) {
      const signed = BigInt(delta) * BigInt(sign);
      return atomicAdd(this.#cells, signed, this.kind) as ElementOf<Code>;
    }
    const expected = sort === 'bigint' ? 'a bigint or a safe integer' : 'a safe integer';
    if (typeof delta === 'number') throw new ArgumentRangeError('delta', expected, delta);
    throw new ArgumentTypeError('delta', expected, delta);
  }

  #checkAtomic(method: string): void {
    this.checkUsable();
    const { sort, name } = this.kind;
    const isArithmetic = method === 'add' || method === 'sub';
    if (sort === 'integer' || sort === 'bigint' || (sort === 'text' && !isArithmetic)) return;
    throw new ArgumentTypeError(
      'typecode',
      `an integer type for ${method}(), which is atomic without the lock (change other types by ` +
        'update(fn), which takes the lock)',
      name,
    );
  }
}

/** What a new value is made of, checked before anything is made. */
function planValue(type: string, typecode: string, value: unknown, options: LockOptions) {
  checkOptions(options);
  const kind = kindOf(typecode);
  const isZero = value === undefined;
  const element = isZero ? undefined : elementOfScalar(kind, value, 'value');
  const lock = new LockPlan(options.lock);
  const initialise = (content: number) => {
    const { words } = currentFamily().memory;
    words[content + KIND] = kind.number;
    lock.write(words, content);
    if (element !== undefined) {
      new kind.Array(words.buffer, (content + FIRST) * 4, 1)[0] = element;
    }
  };
  const spec: ObjectSpec = { type, bytes: BYTES, ...lock.holds, initialise };
  return {
    spec,
    lock,
    compare: (found: Value, isNew: boolean) => compare(found, isNew, kind, options.name),
  };
}

/** Refuses a named value that is of another kind than the caller asked for. */
function compare(found: Value, isNew: boolean, kind: Kind, name: string | undefined): void {
  if (found.kind === kind) return;
  const expected = `'${found.kind.name}', as the ${found.handle.type} named '${name}' has`;
  if (isNew) found[Symbol.dispose]();
  throw new ArgumentRangeError('typecode', expected, kind.name);
}
