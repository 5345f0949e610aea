import { ArgumentRangeError } from '@multiproc/core';
import { parseArray, parseBigInt, writeArray } from './array-key.js';
import { ABSENT, KEY_BYTES_SHIFT } from './layout.js';

/**
 * What can be a key: compared by value, so that every agent finds it.
 *
 * `NaN` equals itself and `-0` equals `0`, as in a `Map`; arrays are equal when their elements are.
 */
export type DictKey = string | number | bigint | boolean | null | undefined | readonly DictKey[];

/**
 * Low four bits of KEY. Whatever is not a number is text: of one byte a unit when all units are
 * below 256, else of two, so equal keys have equal bytes, and lone surrogates are kept apart.
 */
const KIND = {
  LATIN1: 0,
  UTF16: 1,
  ARRAY_LATIN1: 2,
  ARRAY_UTF16: 3,
  BIGINT: 4,
  INT: 6,
  FLOAT: 7,
  TRUE: 8,
  FALSE: 9,
  NULL: 10,
  UNDEFINED: 11,
} as const;

/** Flag of a text kind: two bytes a unit. */
const WIDE = 1;
const KIND_MASK = 15;

/** Longest key: what still fits into KEY beside the kind. */
const MAX_BYTES = 2 ** 26 - 1;

/** Up to here a loop is faster than a call into native code. */
const LOOP = 24;

/** The methods behind `buffer.write` and `toString`; unlike those they also take a Uint8Array. */
interface TextMethods {
  latin1Write(text: string, offset: number, length: number): number;
  ucs2Write(text: string, offset: number, length: number): number;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
}
const { latin1Write, ucs2Write, latin1Slice, ucs2Slice } =
  Buffer.prototype as unknown as TextMethods;

const FLOAT = new Float64Array(1);
const FLOAT_WORDS = new Int32Array(FLOAT.buffer);

/** Spreads the bits of a hash (the finish of MurmurHash3). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** One key, ready to be looked for and to be written into an entry. May be set again and again. */
export class Key {
  /** Kind and length: the first word of the key in an entry. */
  descriptor = 0;
  /** Equal for equal keys of one dictionary. */
  hash = 0;
  #text = '';
  #low = 0;
  #high = 0;

  /** Bytes behind KEY. */
  get byteLength(): number {
    return this.descriptor >>> KEY_BYTES_SHIFT;
  }

  /**
   * Takes over a key.
   *
   * @throws ArgumentTypeError, ArgumentRangeError when it cannot be a key
   */
  set(key: unknown, seed: number): this {
    switch (typeof key) {
      case 'string':
        this.#setText(KIND.LATIN1, key, seed);
        break;
      case 'number':
        this.#setNumber(key, seed);
        break;
      case 'bigint':
        this.#setText(KIND.BIGINT, key.toString(16), seed);
        break;
      case 'boolean':
        this.#setConstant(key ? KIND.TRUE : KIND.FALSE, seed);
        break;
      case 'undefined':
        this.#setConstant(KIND.UNDEFINED, seed);
        break;
      default:
        if (key === null) this.#setConstant(KIND.NULL, seed);
        else this.#setText(KIND.ARRAY_LATIN1, writeArray(key), seed);
    }
    return this;
  }

  /** Whether another key of the same dictionary is the same. */
  is(other: Key): boolean {
    if (this.descriptor !== other.descriptor || this.hash !== other.hash) return false;
    const kind = this.descriptor & KIND_MASK;
    if (kind <= KIND.BIGINT) return this.#text === other.#text;
    if (kind === KIND.INT) return this.#low === other.#low;
    return kind !== KIND.FLOAT || (this.#low === other.#low && this.#high === other.#high);
  }

  /** Whether the key whose KEY lies at this offset is the same. */
  equals(words: Int32Array, bytes: Uint8Array, at: number): boolean {
    const { descriptor } = this;
    if (((words[at >>> 2] as number) & ~ABSENT) !== descriptor) return false;
    const kind = descriptor & KIND_MASK;
    if (kind <= KIND.BIGINT) return this.#equalsText(bytes, at + 4, kind);
    if (kind === KIND.INT) return words[(at >>> 2) + 1] === this.#low;
    if (kind !== KIND.FLOAT) return true;
    return words[(at >>> 2) + 1] === this.#low && words[(at >>> 2) + 2] === this.#high;
  }

  /** Writes KEY and what follows. */
  write(words: Int32Array, bytes: Uint8Array, at: number): void {
    const { descriptor } = this;
    words[at >>> 2] = descriptor;
    const kind = descriptor & KIND_MASK;
    if (kind <= KIND.BIGINT) this.#writeText(bytes, at + 4, kind);
    else if (kind <= KIND.FLOAT) {
      words[(at >>> 2) + 1] = this.#low;
      if (kind === KIND.FLOAT) words[(at >>> 2) + 2] = this.#high;
    }
  }

  #setText(kind: number, text: string, seed: number): void {
    const { length } = text;
    let hash = seed ^ kind;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    const wide = all > 0xff ? WIDE : 0;
    const byteLength = length << wide;
    if (byteLength > MAX_BYTES) {
      throw new ArgumentRangeError('key', `at most ${MAX_BYTES} bytes long`, text);
    }
    this.#text = text;
    this.hash = mix(hash ^ length);
    this.descriptor = kind | wide | (byteLength << KEY_BYTES_SHIFT);
  }

  #setNumber(key: number, seed: number): void {
    const integer = key | 0;
    // -0 is 0 here.
    if (integer === key) {
      this.#low = integer;
      this.hash = mix(integer ^ seed);
      this.descriptor = KIND.INT | (4 << KEY_BYTES_SHIFT);
      return;
    }
    FLOAT[0] = key;
    // NaN has many bit patterns.
    const isNumber = !Number.isNaN(key);
    this.#low = isNumber ? (FLOAT_WORDS[0] as number) : 0;
    this.#high = isNumber ? (FLOAT_WORDS[1] as number) : 0x7ff80000;
    this.hash = mix(this.#low ^ mix(this.#high ^ seed));
    this.descriptor = KIND.FLOAT | (8 << KEY_BYTES_SHIFT);
  }

  #setConstant(kind: number, seed: number): void {
    this.hash = mix(seed ^ kind);
    this.descriptor = kind;
  }

  #equalsText(bytes: Uint8Array, start: number, kind: number): boolean {
    const text = this.#text;
    const { length } = text;
    if (length > LOOP) return readText(bytes, start, kind, this.byteLength) === text;
    if ((kind & WIDE) === 0) {
      for (let i = 0; i < length; i++) {
        if (bytes[start + i] !== text.charCodeAt(i)) return false;
      }
      return true;
    }
    for (let i = 0; i < length; i++) {
      const unit = (bytes[start + 2 * i] as number) | ((bytes[start + 2 * i + 1] as number) << 8);
      if (unit !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #writeText(bytes: Uint8Array, start: number, kind: number): void {
    const text = this.#text;
    const { length } = text;
    if ((kind & WIDE) !== 0) {
      ucs2Write.call(bytes, text, start, 2 * length);
    } else if (length > LOOP) {
      latin1Write.call(bytes, text, start, length);
    } else {
      for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
    }
  }
}

/** The key whose KEY, with no flag, lies at this offset. */
export function readKey(words: Int32Array, bytes: Uint8Array, at: number): DictKey {
  const descriptor = words[at >>> 2] as number;
  const kind = descriptor & KIND_MASK;
  const byteLength = descriptor >>> KEY_BYTES_SHIFT;
  switch (kind) {
    case KIND.LATIN1:
    case KIND.UTF16:
      return readText(bytes, at + 4, kind, byteLength);
    case KIND.ARRAY_LATIN1:
    case KIND.ARRAY_UTF16:
      return parseArray(readText(bytes, at + 4, kind, byteLength));
    case KIND.BIGINT:
      return parseBigInt(readText(bytes, at + 4, kind, byteLength));
    case KIND.INT:
      return words[(at >>> 2) + 1] as number;
    case KIND.FLOAT:
      FLOAT_WORDS[0] = words[(at >>> 2) + 1] as number;
      FLOAT_WORDS[1] = words[(at >>> 2) + 2] as number;
      return FLOAT[0] as number;
    case KIND.TRUE:
      return true;
    case KIND.FALSE:
      return false;
    case KIND.NULL:
      return null;
    default:
      return undefined;
  }
}

function readText(bytes: Uint8Array, start: number, kind: number, byteLength: number): string {
  const slice = (kind & WIDE) === 0 ? latin1Slice : ucs2Slice;
  return slice.call(bytes, start, start + byteLength);
}
