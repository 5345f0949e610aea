import {
  ArgumentRangeError,
  ArgumentTypeError,
  Attachment,
  attach,
  checkOptions,
  currentFamily,
  type Handle,
  MutexWord,
  type NameOptions,
  registerType,
  withMutex,
} from '@multiproc/core';
import { createBlock, NamedBlock, openBlock } from './named-block.js';
import { pack, type Shareable, Slots, slotBytes } from './slots.js';

const TYPE = 'ShareableList';

/**
 * Data of a list.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | LENGTH | number of slots | the creator |
 * | MUTEX | five words, see `MutexWord`: held for each access to a slot | |
 * | TABLE | the slots, see `Slots` | |
 */
const LENGTH = 0;
const MUTEX = 1;
const TABLE = 6;

/**
 * A list of fixed length in shared memory. What a slot holds may change, its type too; a text must
 * fit into the room that the slot got from its first value: that value's bytes rounded up to a
 * multiple of 8, and 8 at least.
 *
 * Every access to a slot is one step, for agents that are killed too: nobody reads half a text.
 *
 * Python counterpart: `multiprocessing.shared_memory.ShareableList`. Differences: items are read and
 * written by `get` and `set`; a number is a float and a bigint an integer of 64 bits; texts and
 * bytes keep trailing NULs; a slot is never torn; `close()` and `unlink()` are methods of the list
 * itself, and there is no `shm`.
 *
 * @example
 * ```ts
 * import { ShareableList } from '@multiproc/shared';
 *
 * const list = new ShareableList(['red', 1, true, null]);
 * list.set(-1, 'blue');
 * console.log([...list], list.format); // → [ 'red', 1, true, 'blue' ] 8sdxxxxxxx?8s
 * ```
 */
export class ShareableList extends NamedBlock {
  static {
    registerType({ name: TYPE, shared: ShareableList, module: import.meta.url });
  }

  /** How many slots it has. */
  readonly length!: number;
  readonly #mutex!: MutexWord;
  readonly #slots!: Slots;

  /**
   * Makes a list of values, or without values opens the one with the name.
   *
   * @param values - numbers, bigints of 64 bits, booleans, strings, Uint8Arrays, `null`
   * @param options - `name`; left out: a random one
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`) for
   *   values that cannot be shared, and for what is no name
   * @throws NameExistsError (`ERR_NAME_EXISTS`), NameNotFoundError (`ERR_NAME_NOT_FOUND`)
   * @throws ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(values: Iterable<Shareable> | null | undefined, options?: NameOptions);
  /** @internal */
  constructor(values: Iterable<Shareable> | null | undefined | Attachment, options?: NameOptions);
  constructor(
    values: Iterable<Shareable> | null | undefined | Attachment,
    options: NameOptions = {},
  ) {
    const source = values instanceof Attachment ? values : open(values, options);
    if (source instanceof ShareableList) return source;
    super(TYPE, source);
    const { memory, agent } = this.family;
    const index = this.dataOffset / 4;
    this.length = memory.words[index + LENGTH] as number;
    this.#mutex = new MutexWord(memory, index + MUTEX, agent);
    this.#slots = new Slots(memory, (index + TABLE) * 4);
  }

  /**
   * The list that a handle names.
   *
   * @param handle - `handle` of a ShareableList of this family
   * @returns the same object for the same list
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its list is gone
   */
  static from(handle: Handle): ShareableList {
    return attach(handle, TYPE) as ShareableList;
  }

  /** Python's struct format of all values that it holds now. */
  get format(): string {
    this.checkUsable();
    return this.#exclusively(() =>
      Array.from({ length: this.length }, (_, index) => this.#slots.format(index)).join(''),
    );
  }

  /**
   * The value in a slot.
   *
   * @param index - counted from the end when it is negative
   * @returns a copy; bytes as a Buffer
   * @throws ArgumentTypeError, ArgumentRangeError when there is no such slot
   */
  get(index: number): Shareable {
    const position = this.#position(index);
    return this.#exclusively(() => this.#slots.read(position));
  }

  /**
   * Replaces the value in a slot.
   *
   * @param index - counted from the end when it is negative
   * @param value - of any type that a list can hold
   * @throws ArgumentTypeError, ArgumentRangeError when there is no such slot, or the value does not
   *   fit into it; nothing has changed then
   */
  set(index: number, value: Shareable): void {
    const position = this.#position(index);
    const packed = pack(value, 'value');
    const room = this.#slots.room(position);
    if (packed.bytes.length > room) {
      const expected = `at most ${room} bytes, which slot ${position} has room for`;
      throw new ArgumentRangeError('value', expected, value);
    }
    this.#exclusively(() => this.#slots.write(position, packed));
  }

  /**
   * The first slot with a value.
   *
   * @param value - compared with `===`, bytes by their content
   * @returns the index of the slot
   * @throws ArgumentRangeError when there is none
   */
  index(value: Shareable): number {
    for (let position = 0; position < this.length; position++) {
      if (isEqual(this.get(position), value)) return position;
    }
    throw new ArgumentRangeError('value', 'in the list', value);
  }

  /**
   * How many slots have a value.
   *
   * @param value - compared with `===`, bytes by their content
   */
  count(value: Shareable): number {
    let count = 0;
    for (const item of this) if (isEqual(item, value)) count++;
    return count;
  }

  /** The values in order, each read when its turn comes. */
  *[Symbol.iterator](): Generator<Shareable, void, undefined> {
    this.checkUsable();
    for (let position = 0; position < this.length; position++) yield this.get(position);
  }

  #exclusively<Result>(action: () => Result): Result {
    return withMutex(this.family.agent, this.#mutex, action);
  }

  #position(index: unknown): number {
    this.checkUsable();
    const expected = `an integer from ${-this.length} to ${this.length - 1}`;
    if (typeof index !== 'number') throw new ArgumentTypeError('index', expected, index);
    const position = index < 0 ? index + this.length : index;
    if (Number.isInteger(index) && position >= 0 && position < this.length) return position;
    throw new ArgumentRangeError('index', expected, index);
  }
}

function isEqual(item: Shareable, value: Shareable): boolean {
  if (!(item instanceof Uint8Array)) return item === value;
  return value instanceof Uint8Array && Buffer.compare(item, value) === 0;
}

function open(values: Iterable<Shareable> | null | undefined, options: NameOptions) {
  checkOptions(options);
  if (values === null || values === undefined) return openBlock(TYPE, options.name);
  if (typeof values !== 'object' || !(Symbol.iterator in values)) {
    throw new ArgumentTypeError('values', 'an iterable of values', values);
  }
  const packed = Array.from(values, (value, index) => pack(value, `values[${index}]`));
  const fill = (data: number) => {
    const { memory } = currentFamily();
    memory.words[data / 4 + LENGTH] = packed.length;
    new Slots(memory, data + TABLE * 4).fill(packed);
  };
  return createBlock(TYPE, options.name, { size: TABLE * 4 + slotBytes(packed), fill });
}
