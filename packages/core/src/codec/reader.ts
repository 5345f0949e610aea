/** Bytes that are no encoding; the decoder turns it into a `DecodeError` with the bytes. */
export class MalformedBytes extends Error {}

/** Overlay of eight bytes and one number: up to FEW_FLOATS cheaper than to make a DataView. */
const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const FEW_FLOATS = 6;

const NO_BYTES = new Uint8Array(0);

/** Reads an encoding; every read past the end fails. The bytes may lie on shared memory. */
export class ByteReader {
  bytes: Uint8Array = NO_BYTES;
  position = 0;
  end = 0;
  #floats = 0;
  #view: DataView | undefined;

  reset(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Lets go of the bytes. */
  release(): void {
    this.bytes = NO_BYTES;
    this.#floats = 0;
    this.#view = undefined;
  }

  /** A copy of a part (`slice` of a Buffer would not be one). */
  copy(start: number, end: number): Uint8Array {
    const part = new Uint8Array(end - start);
    part.set(this.bytes.subarray(start, end));
    return part;
  }

  malformed(reason: string): MalformedBytes {
    return new MalformedBytes(`${reason} (at byte ${this.position} of ${this.end})`);
  }

  /** Passes over `count` bytes and returns where they begin. */
  take(count: number): number {
    const start = this.position;
    if (count > this.end - start) throw this.malformed(`${count} more bytes were expected`);
    this.position = start + count;
    return start;
  }

  u8(): number {
    return this.bytes[this.take(1)] as number;
  }

  i8(): number {
    return ((this.bytes[this.take(1)] as number) << 24) >> 24;
  }

  i16(): number {
    const at = this.take(2);
    return (((this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8)) << 16) >> 16;
  }

  u16(): number {
    return this.i16() & 0xffff;
  }

  i32(): number {
    const at = this.take(4);
    const { bytes } = this;
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  f64(): number {
    const at = this.take(8);
    if (this.#floats++ >= FEW_FLOATS) return this.#viewed(at);
    const { bytes } = this;
    for (let i = 0; i < 8; i++) {
      FLOAT_BYTES[LITTLE_ENDIAN ? i : 7 - i] = bytes[at + i] as number;
    }
    return FLOAT[0] as number;
  }

  #viewed(at: number): number {
    const { bytes } = this;
    this.#view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#view.getFloat64(at, true);
  }

  /** See {@link ByteWriter.size}. */
  size(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw this.malformed('a size of more than 8 bytes');
  }
}
