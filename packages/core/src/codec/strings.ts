import type { ByteReader } from './reader.js';
import { LATIN1_8, LATIN1_32, MAX_SHORT_STRING, SHORT_STRING, UTF16_8, UTF16_32 } from './tags.js';
import type { ByteWriter } from './writer.js';

/** The methods behind `buffer.write` and `toString`; unlike those they also take a Uint8Array. */
interface StringMethods {
  latin1Write(text: string, offset: number, length: number): number;
  ucs2Write(text: string, offset: number, length: number): number;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
}
const { latin1Write, ucs2Write, latin1Slice, ucs2Slice } =
  Buffer.prototype as unknown as StringMethods;

/** Up to here a loop is faster than a call into native code. */
const LOOP_WRITE = 24;
const LOOP_READ = 12;
/** Up to here decoded strings are looked up among recent ones. */
const CACHED_LENGTH = 16;
const CACHE_MASK = 511;

/** On a string of one-byte characters the engine answers without looking at them. */
const NOT_LATIN1 = /[\u0100-\uffff]/;

/** Writes a string: a byte a character when all are Latin-1, else two (lone surrogates kept). */
export function writeString(out: ByteWriter, text: string): void {
  const length = text.length;
  if (length > LOOP_WRITE) {
    writeLong(out, text, length);
    return;
  }
  out.reserve(2 + 2 * LOOP_WRITE);
  const { bytes, position } = out;
  let at = position + 1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      writeUtf16Loop(out, text, length);
      return;
    }
    bytes[at++] = unit;
  }
  bytes[position] = SHORT_STRING + length;
  out.position = at;
}

function writeUtf16Loop(out: ByteWriter, text: string, length: number): void {
  const { bytes } = out;
  let at = out.position;
  bytes[at++] = UTF16_8;
  bytes[at++] = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    bytes[at++] = unit & 0xff;
    bytes[at++] = unit >> 8;
  }
  out.position = at;
}

function writeLong(out: ByteWriter, text: string, length: number): void {
  const wide = NOT_LATIN1.test(text);
  const byteLength = wide ? length * 2 : length;
  out.reserve(5 + byteLength);
  if (!wide && length <= MAX_SHORT_STRING) {
    out.bytes[out.position++] = SHORT_STRING + length;
  } else if (length <= 0xff) {
    out.bytes[out.position++] = wide ? UTF16_8 : LATIN1_8;
    out.bytes[out.position++] = length;
  } else {
    out.bytes[out.position++] = wide ? UTF16_32 : LATIN1_32;
    out.u32(length);
  }
  if (wide) ucs2Write.call(out.bytes, text, out.position, byteLength);
  else latin1Write.call(out.bytes, text, out.position, byteLength);
  out.position += byteLength;
}

const recent: string[] = new Array<string>(CACHE_MASK + 1).fill('');
/** One array for each length, so that `fromCharCode.apply` takes it as it is. */
const units: number[][] = Array.from({ length: LOOP_READ + 1 }, (_, n) => new Array(n).fill(0));

/** Reads `length` Latin-1 characters. */
export function readLatin1(input: ByteReader, length: number): string {
  const start = input.take(length);
  const { bytes } = input;
  if (length > CACHED_LENGTH) return latin1Slice.call(bytes, start, start + length);
  if (length === 0) return '';
  const slot = slotOf(bytes, start, length);
  const known = recent[slot] as string;
  if (known.length === length && equals(bytes, start, known)) return known;
  const text =
    length > LOOP_READ
      ? latin1Slice.call(bytes, start, start + length)
      : fromUnits(bytes, start, length);
  recent[slot] = text;
  return text;
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[start + length - 1] as number;
  return (first * 7 + middle * 31 + last * 131 + length * 17) & CACHE_MASK;
}

function equals(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function fromUnits(bytes: Uint8Array, start: number, length: number): string {
  const list = units[length] as number[];
  for (let i = 0; i < length; i++) list[i] = bytes[start + i] as number;
  return String.fromCharCode.apply(null, list);
}

/** Reads `length` UTF-16 code units. */
export function readUtf16(input: ByteReader, length: number): string {
  const start = input.take(length * 2);
  return ucs2Slice.call(input.bytes, start, start + length * 2);
}

/** Reads a string with its tag; anything else fails. */
export function readString(input: ByteReader): string {
  const tag = input.u8();
  if (tag >= SHORT_STRING && tag <= SHORT_STRING + MAX_SHORT_STRING) {
    return readLatin1(input, tag - SHORT_STRING);
  }
  switch (tag) {
    case LATIN1_8:
      return readLatin1(input, input.u8());
    case LATIN1_32:
      return readLatin1(input, input.u32());
    case UTF16_8:
      return readUtf16(input, input.u8());
    case UTF16_32:
      return readUtf16(input, input.u32());
    default:
      throw input.malformed(`a string was expected, not tag 0x${tag.toString(16)}`);
  }
}
