import type { ByteReader } from './reader.js';
import type { DecodeOptions } from './types.js';
import type { ByteWriter } from './writer.js';

/** What ES2022's library types lack. */
interface ResizableBuffer extends ArrayBuffer {
  readonly resizable?: boolean;
  readonly maxByteLength: number;
}
const MakeBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer;

/** Binary data begins at multiples of this, counted from the start of the payload. */
const ALIGNMENT = 8;

/** Parts from this length on are copied into memory that nobody has cleared. */
const LONG = 8192;

/** The part of one ArrayBuffer that travels: what its views in the payload span. */
interface Range {
  readonly buffer: ResizableBuffer;
  start: number;
  end: number;
}

/**
 * The ArrayBuffers of one payload. Each travels once, so views of the same buffer still share it
 * at the receiver; only the part that they span is copied, once, straight from the user's memory.
 *
 * Table: size count, then for each buffer size start, size length, size maxByteLength plus one
 * (0: not resizable). The bytes follow the tables in the same order.
 */
export class BufferTable {
  readonly #ranges: Range[] = [];
  /** Number 0, where others may share it: most values have one buffer, and need no Map. */
  #first: ArrayBufferLike | undefined;
  readonly #others = new Map<ArrayBufferLike, number>();
  /** Fixed at the end of encoding, so that `copyTo` only copies. */
  readonly #parts: { readonly bytes: Uint8Array; readonly length: number }[] = [];

  get size(): number {
    return this.#ranges.length;
  }

  /** Adds a part of a buffer and returns the buffer's number. */
  add(buffer: ArrayBuffer, start: number, end: number): number {
    const known = buffer === this.#first ? 0 : this.#others.get(buffer);
    if (known === undefined) {
      const number = this.addAlone(buffer, start, end);
      if (number === 0) this.#first = buffer;
      else this.#others.set(buffer, number);
      return number;
    }
    const range = this.#ranges[known] as Range;
    range.start = Math.min(range.start, start);
    range.end = Math.max(range.end, end);
    return known;
  }

  /** Adds a part of a buffer that shares nothing with other parts of it. */
  addAlone(buffer: ArrayBuffer, start: number, end: number): number {
    const whole = (buffer as ResizableBuffer).resizable === true;
    return (
      this.#ranges.push({
        buffer: buffer as ResizableBuffer,
        start: whole ? 0 : start,
        end: whole ? buffer.byteLength : end,
      }) - 1
    );
  }

  /** Writes the table; the ranges are final from here on. */
  write(out: ByteWriter): void {
    out.size(this.#ranges.length);
    for (const { buffer, start, end } of this.#ranges) {
      // Views keep their alignment: the part begins where eight bytes begin.
      const from = start - (start % ALIGNMENT);
      const bytes = new Uint8Array(buffer, from, end - from);
      this.#parts.push({ bytes, length: bytes.length });
      out.size(from);
      out.size(bytes.length);
      out.size(buffer.resizable === true ? buffer.maxByteLength + 1 : 0);
    }
  }

  /** Where the binary data ends when the tables end at `offset`. */
  endFrom(offset: number): number {
    let end = offset;
    for (const { length } of this.#parts) end = align(end) + length;
    return end;
  }

  /** Copies the binary data behind `offset`; returns false when a buffer is no longer as it was. */
  copy(target: Uint8Array, offset: number): boolean {
    let at = offset;
    for (const { bytes, length } of this.#parts) {
      if (bytes.length !== length) return false;
      const start = align(at);
      if (start > at) target.fill(0, at, start);
      target.set(bytes, start);
      at = start + length;
    }
    return true;
  }

  clear(): void {
    if (this.#ranges.length === 0) return;
    this.#ranges.length = 0;
    this.#parts.length = 0;
    this.#first = undefined;
    if (this.#others.size > 0) this.#others.clear();
  }
}

/** An ArrayBuffer at the receiver, and where it began in the sender's. */
export interface ReceivedBuffer {
  readonly buffer: ArrayBuffer;
  readonly start: number;
}

/** Reads the table and copies the binary data out of the payload, but for what `lend` gives a buffer. */
export function readBuffers(input: ByteReader, options?: DecodeOptions): ReceivedBuffer[] {
  const count = input.size();
  const plans: { start: number; length: number; max: number }[] = [];
  for (let i = 0; i < count; i++) {
    plans.push({ start: input.size(), length: input.size(), max: input.size() });
  }
  return plans.map(({ start, length, max }) => {
    input.take(Math.min(align(input.position) - input.position, input.end - input.position));
    const at = input.take(length);
    const lent = max === 0 ? options?.lend?.(at, length) : undefined;
    const part = input.bytes.subarray(at, at + length);
    return { buffer: lent ?? copyOut(part, max), start };
  });
}

function copyOut(part: Uint8Array, max: number): ArrayBuffer {
  if (max > 0) {
    const buffer = new MakeBuffer(part.length, { maxByteLength: max - 1 });
    new Uint8Array(buffer).set(part);
    return buffer;
  }
  // `slice` would follow the class and sharing of the source. Memory that is not zeroed first costs
  // more to get, which pays for long parts only.
  const { length } = part;
  const copy = length >= LONG ? Buffer.allocUnsafeSlow(length) : new Uint8Array(length);
  copy.set(part);
  return copy.buffer as ArrayBuffer;
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
