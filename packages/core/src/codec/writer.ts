const INITIAL_SIZE = 4096;
/** Scratch memory above this size is given back once it is no longer used. */
const KEPT_SIZE = 1 << 20;
/** Where 32 bits no longer address the scratch memory (the footer's width). */
const MAX_SIZE = 0xffff_ffff;

/** Growing scratch memory that an encoder writes to, reused from value to value. */
export class ByteWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  view: DataView = viewOf(this.bytes);
  /** The same memory, in whole words of four bytes. */
  wordView: Int32Array = wordsOf(this.bytes);
  position = 0;

  /** Begins a new payload. What the last one needed decides whether large memory is kept. */
  reset(): void {
    const size = this.bytes.length;
    if (size > KEPT_SIZE && this.position < size / 4) this.#replace(size / 2, 0);
    this.position = 0;
  }

  /** Makes room for `count` more bytes; to be called before every write. */
  reserve(count: number): void {
    if (this.position + count > this.bytes.length) this.#grow(count);
  }

  u8(value: number): void {
    if (this.position === this.bytes.length) this.#grow(1);
    this.bytes[this.position++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.position, value, true);
    this.position += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.position, value, true);
    this.position += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  size(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.position++] = rest;
  }

  /** Copies `byteLength` bytes that stand in words of four. */
  words(words: Uint32Array, byteLength: number): void {
    this.reserve(4 * words.length);
    const { view, position } = this;
    for (let i = 0; i < words.length; i++) {
      view.setUint32(position + 4 * i, words[i] as number, true);
    }
    this.position = position + byteLength;
  }

  #grow(count: number): void {
    const needed = this.position + count;
    if (needed > MAX_SIZE) {
      throw new RangeError('the value needs more than 4 GiB without its binary data');
    }
    this.#replace(Math.min(MAX_SIZE, Math.max(needed, this.bytes.length * 2)), this.position);
  }

  #replace(size: number, kept: number): void {
    const old = this.bytes;
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.bytes.set(old.subarray(0, kept));
    this.view = viewOf(this.bytes);
    this.wordView = wordsOf(this.bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length >> 2);
}
