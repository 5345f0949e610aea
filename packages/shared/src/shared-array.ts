import {
  ArgumentRangeError,
  ArgumentTypeError,
  Attachment,
  attach,
  checkOptions,
  currentFamily,
  type Handle,
  type ObjectSpec,
  openObject,
  registerType,
} from '@multiproc/core';
import { checkElements, initialElements } from './initial-elements.js';
import { type Elements, kindOf } from './kind.js';
import { LockPlan } from './lock-plan.js';
import type { LockOptions } from './options.js';
import { FIRST, KIND, Synchronized } from './synchronized.js';
import { elementsOfText, textOfElements } from './text.js';
import type { DataOf, ElementInput, ElementOf, TextInput, TextOf, TypeCode } from './typecodes.js';

const BYTES = FIRST * 4 + 4;

/** What a new array is made of: its length, its elements, or a text for `c` and `u`. */
export type ArrayInit<Code extends TypeCode> =
  | number
  | Iterable<ElementInput<Code>>
  | TextInput<Code>;

/**
 * A fixed number of numbers or characters in shared memory.
 *
 * {@link SharedArray.data} is a typed array over the shared memory itself: reading and writing it
 * copies nothing, and `Atomics` works on it. Like every typed array it wraps around what does not
 * fit; {@link SharedArray.set} checks.
 *
 * Python counterpart: `multiprocessing.Array`. Differences: elements of `c` and `u` are numbers, and
 * `value` is the text; accesses do not take the lock; 64-bit integers are bigints; there are no
 * structures: use one array for each field, or a `DataView` over a `SharedMemory`.
 *
 * @typeParam Code - what its elements are
 *
 * @example
 * ```ts
 * import { SharedArray } from '@multiproc/shared';
 *
 * const array = new SharedArray('d', [1, 2, 3]);
 * array.data[0] = 10;
 * console.log([...array], array.slice(1)); // → [ 10, 2, 3 ] Float64Array(2) [ 2, 3 ]
 * ```
 */
export class SharedArray<Code extends TypeCode = TypeCode> extends Synchronized {
  /** @internal */
  static readonly type: string = 'SharedArray';
  static {
    registerType({ name: 'SharedArray', shared: SharedArray, module: import.meta.url });
  }

  /** How many elements it has. */
  readonly length!: number;
  /** The elements; never handed out, for nothing keeps the memory behind it. */
  readonly #elements!: Elements;
  /** The elements for the user, once they were asked for. */
  #lentElements: Elements | undefined;

  /**
   * Makes an array, or finds the one with the name.
   *
   * @param typecode - what its elements are: a typecode of Python's, or a name like `f64`
   * @param sizeOrValues - how many elements, all 0; or the elements; or a text for `c` and `u`
   * @param options - `lock`, and `name`, to share the array without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`) for
   *   values that do not fit, or another typecode or length than the named array has
   * @throws ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(typecode: Code, sizeOrValues: ArrayInit<Code>, options?: LockOptions);
  /** @internal */
  constructor(typecode: Code | Attachment, sizeOrValues?: ArrayInit<Code>, options?: LockOptions);
  constructor(
    typecode: Code | Attachment,
    sizeOrValues?: ArrayInit<Code>,
    options: LockOptions = {},
  ) {
    const { type } = new.target;
    const plan =
      typecode instanceof Attachment ? undefined : planArray(type, typecode, sizeOrValues, options);
    const source = plan ? openObject(plan.spec, options) : (typecode as Attachment);
    if (source instanceof SharedArray) {
      plan?.compare(source, false);
      return source;
    }
    super(plan?.spec ?? { type, bytes: 0 }, source);
    plan?.lock.finish();
    const { words } = this.family.memory;
    this.length = words[this.content + FIRST] as number;
    plan?.compare(this, true);
    this.#elements = new this.kind.Array(words.buffer, this.dataOffset, this.length);
  }

  /**
   * The array that a handle names.
   *
   * @param handle - `handle` of a SharedArray of this family
   * @returns the same object for the same array
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its array is gone
   */
  static from<Code extends TypeCode = TypeCode>(handle: Handle): SharedArray<Code> {
    return attach(handle, SharedArray.type) as SharedArray<Code>;
  }

  /**
   * The elements as a typed array over the shared memory: the same one each time. The memory lives
   * while this array or a view of it is held. Disposing the SharedArray detaches the view, so that
   * it has no elements any more; in thread memory, where that cannot be done, the memory is kept
   * until the last view has been collected. Send the SharedArray to others and not this view, which
   * would be copied.
   */
  get data(): DataOf<Code> {
    this.checkUsable();
    if (!this.#lentElements) {
      const { buffer, byteOffset } = this.lend(this.#elements.byteLength);
      this.#lentElements = new this.kind.Array(buffer, byteOffset, this.length);
    }
    return this.#lentElements as DataOf<Code>;
  }

  /**
   * One element.
   *
   * @param index - counted from the end when it is negative
   * @returns the element, `undefined` where there is none
   */
  at(index: number): ElementOf<Code> | undefined {
    this.checkUsable();
    return this.#elements.at(index) as ElementOf<Code> | undefined;
  }

  /**
   * A copy of a part. Python counterpart: `array[start:end]`.
   *
   * @param start - the first element; counted from the end when it is negative
   * @param end - the first element that does not belong to it; the end of the array when left out
   * @returns a typed array in memory of its own
   */
  slice(start?: number, end?: number): DataOf<Code> {
    this.checkUsable();
    return this.#elements.slice(start, end) as DataOf<Code>;
  }

  /**
   * Writes elements, after all of them were checked. Python counterpart: `array[start:end] = values`.
   *
   * @param values - the elements; a text for `c` and `u`
   * @param start - where the first goes; counted from the end when it is negative
   * @param end - where they must end; left out: wherever they do, within the array
   * @throws ArgumentTypeError, ArgumentRangeError for values that do not fit, or that are not as many
   *   as there is room; nothing is written then
   */
  set(values: Iterable<ElementInput<Code>> | TextInput<Code>, start = 0, end?: number): void {
    this.checkUsable();
    const first = this.#position(start, 'start');
    const elements = checkElements(this.kind, values, 'values');
    const last = end === undefined ? first + elements.length : this.#position(end, 'end');
    if (last > this.length || elements.length !== Math.max(last - first, 0)) {
      const room = Math.max(Math.min(last, this.length) - first, 0);
      const expected = end === undefined ? `at most ${room} elements` : `${room} elements`;
      throw new ArgumentRangeError('values', `${expected} from ${first} on`, elements.length);
    }
    (this.#elements as Uint8Array).set(elements as Uint8Array, first);
  }

  /**
   * The text up to the first NUL: a Buffer for `c`, a string for `u`.
   *
   * @throws ArgumentTypeError when the elements are numbers
   */
  get value(): TextOf<Code> {
    this.#checkText();
    const elements = this.#elements as Uint8Array;
    const end = elements.indexOf(0);
    return textOfElements(this.kind, elements.slice(0, end < 0 ? undefined : end)) as TextOf<Code>;
  }

  /**
   * Writes a text, and a NUL after it if there is room.
   *
   * @throws ArgumentTypeError when the elements are numbers, or it is no text
   * @throws ArgumentRangeError when it is longer than the array
   */
  set value(text: TextInput<Code>) {
    this.#checkText();
    this.#write(elementsOfText(this.kind, text, 'value'), 'value', true);
  }

  /**
   * The whole text with its NULs: a Buffer for `c`, a string for `u`.
   *
   * @throws ArgumentTypeError when the elements are numbers
   */
  get raw(): TextOf<Code> {
    this.#checkText();
    return textOfElements(this.kind, this.#elements.slice() as Uint8Array) as TextOf<Code>;
  }

  /**
   * Writes a text; what follows it stays as it was.
   *
   * @throws ArgumentTypeError when the elements are numbers, or it is no text
   * @throws ArgumentRangeError when it is longer than the array
   */
  set raw(text: TextInput<Code>) {
    this.#checkText();
    this.#write(elementsOfText(this.kind, text, 'raw'), 'raw', false);
  }

  /**
   * Makes another array of the same kind with the same elements. Python counterpart:
   * `multiprocessing.sharedctypes.copy`.
   *
   * @param options - `lock` and `name` of the copy
   */
  copy(options: LockOptions = {}): this {
    const Type = this.constructor as new (...args: unknown[]) => this;
    return new Type(this.kind.name, this.slice(), options);
  }

  /** The elements in order. */
  *[Symbol.iterator](): Generator<ElementOf<Code>, void, undefined> {
    for (let i = 0; i < this.length; i++) {
      this.checkUsable();
      yield this.#elements[i] as ElementOf<Code>;
    }
  }

  /** Gives up this agent's reference, and detaches {@link SharedArray.data} where that can be done. */
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    this.#lentElements = undefined;
  }

  #position(index: unknown, argument: string): number {
    const expected = `an integer from ${-this.length} to ${this.length}`;
    if (typeof index !== 'number') throw new ArgumentTypeError(argument, expected, index);
    if (Number.isInteger(index) && Math.abs(index) <= this.length) {
      return index < 0 ? index + this.length : index;
    }
    throw new ArgumentRangeError(argument, expected, index);
  }

  #checkText(): void {
    this.checkUsable();
    if (this.kind.sort === 'text') return;
    throw new ArgumentTypeError(
      'typecode',
      "'c' or 'u' for a text (elements of other types are in `data`)",
      this.kind.name,
    );
  }

  #write(elements: ArrayLike<number>, argument: string, ends: boolean): void {
    if (elements.length > this.length) {
      const expected = `a text of at most ${this.length} elements`;
      throw new ArgumentRangeError(argument, expected, textOfElements(this.kind, elements));
    }
    const target = this.#elements as Uint8Array;
    target.set(elements);
    if (ends && elements.length < this.length) target[elements.length] = 0;
  }
}

/** What a new array is made of, checked before anything is made. */
function planArray(type: string, typecode: string, sizeOrValues: unknown, options: LockOptions) {
  checkOptions(options);
  const kind = kindOf(typecode);
  const { length, elements } = initialElements(kind, sizeOrValues);
  const lock = new LockPlan(options.lock);
  const initialise = (content: number, data: number) => {
    const { words } = currentFamily().memory;
    words[content + KIND] = kind.number;
    words[content + FIRST] = length;
    lock.write(words, content);
    if (!elements) return;
    new kind.Array(words.buffer, data, length).set(elements as never);
  };
  const data = length * kind.Array.BYTES_PER_ELEMENT;
  const spec: ObjectSpec = { type, bytes: BYTES, data, ...lock.holds, initialise };
  /** Refuses a named array that is not as the caller asked for. */
  const compare = (found: SharedArray, isNew: boolean): void => {
    if (found.kind === kind && found.length === length) return;
    const is = `${found.length} elements of '${found.kind.name}', as the ${type} named '${options.name}' has`;
    if (isNew) found[Symbol.dispose]();
    throw new ArgumentRangeError('the array', is, `${length} of '${kind.name}'`);
  };
  return { spec, lock, compare };
}
