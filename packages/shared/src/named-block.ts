import { inspect } from 'node:util';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  type Attachment,
  currentFamily,
  findObject,
  makeNamedObject,
  type ObjectSpec,
  SharedObject,
} from '@multiproc/core';
import { NameExistsError, NameNotFoundError } from './errors.js';
import { randomName } from './random-name.js';

/**
 * Content of a named block. All of it is written by the creator, once.
 *
 * | word | meaning |
 * | --- | --- |
 * | SIZE | of the data in bytes |
 * | LENGTH | of the name in UTF-16 units, which follow |
 */
const SIZE = 0;
const LENGTH = 1;
const TEXT = 2;

const LONGEST_NAME = 255;

/** What `SharedMemory` and `ShareableList` have in common: memory that is opened by name. */
export abstract class NamedBlock extends SharedObject {
  /** Its name in the family. Stays readable after `close()` and `unlink()`. */
  readonly name: string;
  /** Its length in bytes. Stays readable after `close()` and `unlink()`. */
  readonly size: number;
  readonly #type: string;
  readonly #place: { offset: number; serial: number };
  #isClosed = false;
  #isUnlinked = false;

  /** @internal */
  protected constructor(type: string, source: Attachment | SharedObject) {
    super({ type, bytes: 0 }, source);
    this.#type = type;
    const { words } = this.family.memory;
    this.size = words[this.content + SIZE] as number;
    this.name = readName(words, this.content);
    const { offset, serial } = this.handle;
    this.#place = { offset, serial };
  }

  /**
   * Ends the use of the block by this agent, for whatever part of it opened the block. The block is
   * freed when no agent uses it any more. The same as `[Symbol.dispose]`; again does nothing.
   */
  close(): void {
    this[Symbol.dispose]();
  }

  /**
   * Takes the name away: nobody can open the block by name any more, and the name may be given to
   * another. Whoever has the block keeps it. May come after `close()`.
   *
   * @throws {@link NameNotFoundError} when the name was taken away before
   */
  unlink(): void {
    const isFirst = !this.#isUnlinked;
    this.#isUnlinked = true;
    if (isFirst && this.family.names.unlink(this.name, this.#place)) return;
    // When the last agent closed the block, its name went with it.
    if (isFirst && this.#isClosed) return;
    throw new NameNotFoundError(`the name '${this.name}' has been taken away already`);
  }

  /** The same as `close()`. */
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    this.#isClosed = true;
  }

  protected override use(): undefined {
    return undefined;
  }

  /** @internal */
  override [inspect.custom](): string {
    return `${this.#type} { name: ${inspect(this.name)}, size: ${this.size} }`;
  }
}

/** What a new block is made of. */
export interface BlockPlan {
  /** Its length in bytes. */
  readonly size: number;
  /** Fills it, all zero at first; `data` is its byte offset. */
  readonly fill?: (data: number) => void;
}

/**
 * Makes a block.
 *
 * @param type - of the block
 * @param name - left out: a random one
 * @throws ArgumentTypeError, ArgumentRangeError for what is no name
 * @throws {@link NameExistsError} when another block of the type has the name; ArenaFullError
 */
export function createBlock(type: string, name: unknown, plan: BlockPlan): Attachment {
  if (name !== undefined) {
    checkName(name);
    const made = makeNamedObject(blockSpec(type, name, plan), name);
    if (made) return made;
    throw new NameExistsError(
      `there is a ${type} named '${name}' already: open that, or create one with another name`,
    );
  }
  for (;;) {
    const random = randomName();
    const made = makeNamedObject(blockSpec(type, random, plan), random);
    if (made) return made;
  }
}

/**
 * Finds a block.
 *
 * @param type - of the block
 * @param name - its name
 * @throws ArgumentTypeError, ArgumentRangeError for what is no name
 * @throws {@link NameNotFoundError} when there is no such block
 */
export function openBlock(type: string, name: unknown): SharedObject | Attachment {
  checkName(name);
  const found = findObject(type, name);
  if (found) return found;
  throw new NameNotFoundError(
    `there is no ${type} named '${name}' in this family: it was not created, or unlinked, or every ` +
      'agent that used it has closed it or ended',
  );
}

function blockSpec(type: string, name: string, { size, fill }: BlockPlan): ObjectSpec {
  return {
    type,
    bytes: TEXT * 4 + name.length * 2,
    data: size,
    initialise: (content, data) => {
      const { words } = currentFamily().memory;
      words[content + SIZE] = size;
      words[content + LENGTH] = name.length;
      const units = unitsOf(words, content);
      for (let unit = 0; unit < name.length; unit++) units[unit] = name.charCodeAt(unit);
      fill?.(data);
    },
  };
}

function checkName(name: unknown): asserts name is string {
  const expected = `the name of a block, 1 to ${LONGEST_NAME} characters without NUL`;
  if (typeof name !== 'string') throw new ArgumentTypeError('options.name', expected, name);
  if (name.length === 0 || name.length > LONGEST_NAME || name.includes('\0')) {
    throw new ArgumentRangeError('options.name', expected, name);
  }
}

function readName(words: Int32Array, content: number): string {
  return String.fromCharCode(...unitsOf(words, content));
}

function unitsOf(words: Int32Array, content: number): Uint16Array {
  const length = words[content + LENGTH] as number;
  return new Uint16Array(words.buffer, (content + TEXT) * 4, length);
}
