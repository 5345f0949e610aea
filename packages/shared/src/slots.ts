import { ArgumentRangeError, ArgumentTypeError, type Memory } from '@multiproc/core';
import { utf8 } from './text.js';

/** What a slot of a `ShareableList` may hold. */
export type Shareable = number | bigint | boolean | string | null | Uint8Array;

/**
 * Three words for each slot. A slot has two rooms, one after the other; the value is in one of them,
 * and the next value is written into the other.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | STATE | bits 0 to 2 the type, bit 3 which room, from bit 4 on the length in bytes | holder of the list's mutex, last of all: it publishes the new value |
 * | START | byte offset of the first room in the arena's data block | the creator |
 * | ROOM | length of one room in bytes, a multiple of 8 | the creator |
 */
const STATE = 0;
const START = 1;
const ROOM = 2;
const SLOT_BYTES = 12;

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const BIGINT = 4;
const STRING = 5;
const BYTES = 6;

const TYPE = 7;
const SECOND = 8;
const LENGTH_SHIFT = 4;

/** Longest text in a slot, as its length fits into STATE. */
const LONGEST = 2 ** 27;

/** A value as it lies in a room. */
export interface Packed {
  readonly type: number;
  readonly bytes: Uint8Array;
}

const EMPTY = new Uint8Array(0);

/**
 * A value as the bytes of a slot.
 *
 * @throws ArgumentTypeError, ArgumentRangeError for what a slot cannot hold
 */
export function pack(value: unknown, argument: string): Packed {
  switch (typeof value) {
    case 'boolean':
      return { type: value ? TRUE : FALSE, bytes: EMPTY };
    case 'number':
      return { type: NUMBER, bytes: new Uint8Array(Float64Array.of(value).buffer) };
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) {
        throw new ArgumentRangeError(argument, 'a bigint of at most 64 bits', value);
      }
      return { type: BIGINT, bytes: new Uint8Array(BigInt64Array.of(value).buffer) };
    case 'string':
      return checkLength({ type: STRING, bytes: utf8(value, argument) }, argument);
    default:
      if (value === null) return { type: NULL, bytes: EMPTY };
      if (value instanceof Uint8Array) return checkLength({ type: BYTES, bytes: value }, argument);
  }
  const expected = 'a number, bigint, boolean, string, Uint8Array or null';
  throw new ArgumentTypeError(argument, expected, value);
}

function checkLength(packed: Packed, argument: string): Packed {
  if (packed.bytes.length <= LONGEST) return packed;
  throw new ArgumentRangeError(argument, `at most ${LONGEST} bytes`, packed.bytes.length);
}

/** The room that a value gets when it is the first one: as many bytes, and eight at least. */
function roomFor({ bytes }: Packed): number {
  return Math.max(Math.ceil(bytes.length / 8) * 8, 8);
}

/** Bytes that slots with these first values take. */
export function slotBytes(values: readonly Packed[]): number {
  return values.reduce((sum, packed) => sum + roomFor(packed) * 2, tableBytes(values.length));
}

/** The rooms follow the table at the next multiple of 8. */
function tableBytes(length: number): number {
  return Math.ceil((length * SLOT_BYTES) / 8) * 8;
}

/** The slots of a list. Whoever calls a method holds the mutex of the list, or is its creator. */
export class Slots {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #table: number;

  /**
   * @param memory - the family's memory
   * @param offset - where the table begins, in bytes
   */
  constructor(memory: Memory, offset: number) {
    this.#words = memory.words;
    this.#bytes = memory.bytes;
    this.#table = offset / 4;
  }

  /** Lays out new slots and fills them. */
  fill(values: readonly Packed[]): void {
    let start = this.#table * 4 + tableBytes(values.length);
    for (const [index, packed] of values.entries()) {
      const slot = this.#slot(index);
      const room = roomFor(packed);
      this.#words[slot + START] = start;
      this.#words[slot + ROOM] = room;
      this.write(index, packed);
      start += room * 2;
    }
  }

  /** The value in a slot, copied. */
  read(index: number): Shareable {
    const slot = this.#slot(index);
    const state = Atomics.load(this.#words, slot + STATE);
    const start = this.#roomOf(slot, state);
    const bytes = Buffer.from(this.#bytes.subarray(start, start + (state >>> LENGTH_SHIFT)));
    switch (state & TYPE) {
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NUMBER:
        return bytes.readDoubleLE();
      case BIGINT:
        return bytes.readBigInt64LE();
      case STRING:
        return bytes.toString();
      case BYTES:
        return bytes;
      default:
        return null;
    }
  }

  /** Longest text that a slot can hold, in bytes. */
  room(index: number): number {
    return this.#words[this.#slot(index) + ROOM] as number;
  }

  /** Replaces the value in a slot, which it fits into. A kill leaves the old value or the new one. */
  write(index: number, { type, bytes }: Packed): void {
    const slot = this.#slot(index);
    const state = (Atomics.load(this.#words, slot + STATE) & SECOND) ^ SECOND;
    this.#bytes.set(bytes, this.#roomOf(slot, state));
    const next = (bytes.length << LENGTH_SHIFT) | state | type;
    // Publishes the bytes to `read`.
    Atomics.store(this.#words, slot + STATE, next);
  }

  /** Python's struct format of the value in a slot. */
  format(index: number): string {
    switch (Atomics.load(this.#words, this.#slot(index) + STATE) & TYPE) {
      case FALSE:
      case TRUE:
        return 'xxxxxxx?';
      case NUMBER:
        return 'd';
      case BIGINT:
        return 'q';
      case STRING:
      case BYTES:
        return `${this.room(index)}s`;
      default:
        return 'xxxxxx?x';
    }
  }

  #slot(index: number): number {
    return this.#table + (index * SLOT_BYTES) / 4;
  }

  #roomOf(slot: number, state: number): number {
    const start = this.#words[slot + START] as number;
    return (state & SECOND) === 0 ? start : start + (this.#words[slot + ROOM] as number);
  }
}
