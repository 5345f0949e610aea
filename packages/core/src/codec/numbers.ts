import type { ByteReader } from './reader.js';
import { BIGINT, BIGINT64, FLOAT64, INT8, INT16, INT32, MAX_TAG_INT } from './tags.js';
import type { ByteWriter } from './writer.js';

/** Writes a number in the shortest form that keeps it exactly; -0 and NaN are floats. */
export function writeNumber(out: ByteWriter, value: number): void {
  out.reserve(9);
  const integer = value | 0;
  if (integer !== value || (integer === 0 && Object.is(value, -0))) {
    out.bytes[out.position++] = FLOAT64;
    out.view.setFloat64(out.position, value, true);
    out.position += 8;
  } else if (integer >= 0 && integer <= MAX_TAG_INT) {
    out.bytes[out.position++] = integer;
  } else {
    writeInteger(out, integer);
  }
}

function writeInteger(out: ByteWriter, value: number): void {
  if (value >= -0x80 && value < 0x80) {
    out.bytes[out.position++] = INT8;
    out.bytes[out.position++] = value;
  } else if (value >= -0x8000 && value < 0x8000) {
    out.bytes[out.position++] = INT16;
    out.view.setInt16(out.position, value, true);
    out.position += 2;
  } else {
    out.bytes[out.position++] = INT32;
    out.view.setInt32(out.position, value, true);
    out.position += 4;
  }
}

/** Writes a BigInt of any size. */
export function writeBigInt(out: ByteWriter, value: bigint): void {
  if (BigInt.asIntN(64, value) === value) {
    out.u8(BIGINT64);
    out.reserve(8);
    out.view.setBigInt64(out.position, value, true);
    out.position += 8;
    return;
  }
  const negative = value < 0n;
  const hex = (negative ? -value : value).toString(16);
  const length = Math.ceil(hex.length / 2);
  out.u8(BIGINT);
  out.u8(negative ? 1 : 0);
  out.size(length);
  out.reserve(length);
  const start = out.position;
  out.bytes.write(hex.padStart(length * 2, '0'), start, 'hex');
  out.bytes.subarray(start, start + length).reverse();
  out.position += length;
}

/** Reads what follows BIGINT64. */
export function readBigInt64(input: ByteReader): bigint {
  const low = BigInt(input.u32());
  return (BigInt(input.i32()) << 32n) | low;
}

/** Reads what follows BIGINT. */
export function readBigInt(input: ByteReader): bigint {
  const negative = input.u8();
  const length = input.size();
  if (negative > 1 || length === 0) throw input.malformed('a malformed BigInt');
  const start = input.take(length);
  const hex = Buffer.from(input.copy(start, start + length).reverse()).toString('hex');
  const magnitude = BigInt(`0x${hex}`);
  return negative === 1 ? -magnitude : magnitude;
}
