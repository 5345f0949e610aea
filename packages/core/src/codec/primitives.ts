import { readBigInt, readBigInt64 } from './numbers.js';
import type { ByteReader } from './reader.js';
import { readLatin1, readUtf16 } from './strings.js';
import * as tags from './tags.js';

/** Whether a tag begins a primitive. */
export function isPrimitive(tag: number): boolean {
  return tag < tags.SHORT_ARRAY || (tag >= tags.UNDEFINED && tag < tags.ARRAY32);
}

/** Reads what follows the tag of a primitive. */
export function readPrimitive(input: ByteReader, tag: number): unknown {
  if (tag <= tags.MAX_TAG_INT) return tag;
  if (tag < tags.SHORT_ARRAY) return readLatin1(input, tag - tags.SHORT_STRING);
  switch (tag) {
    case tags.UNDEFINED:
      return undefined;
    case tags.NULL:
      return null;
    case tags.FALSE:
      return false;
    case tags.TRUE:
      return true;
    case tags.INT8:
      return input.i8();
    case tags.INT16:
      return input.i16();
    case tags.INT32:
      return input.i32();
    case tags.FLOAT64:
      return input.f64();
    case tags.LATIN1_8:
      return readLatin1(input, input.u8());
    case tags.LATIN1_32:
      return readLatin1(input, input.u32());
    case tags.UTF16_8:
      return readUtf16(input, input.u8());
    case tags.UTF16_32:
      return readUtf16(input, input.u32());
    case tags.BIGINT64:
      return readBigInt64(input);
    default:
      return readBigInt(input);
  }
}
