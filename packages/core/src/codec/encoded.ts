import { EncodeError } from '../errors.js';
import type { WriteTables } from './tables.js';
import type { Encoded, SharedReference } from './types.js';
import type { ByteWriter } from './writer.js';

/** Up to here a loop copies faster than `set` with its temporary view. */
const LOOP_COPY = 64;
const FOOTER_SIZE = 4;
const NONE: readonly never[] = Object.freeze([]);

/** The result of an encoder: what its scratch memory and tables hold at the moment. */
export class EncodedBytes implements Encoded {
  byteLength = 0;
  references: readonly SharedReference[] = NONE;

  readonly #out: ByteWriter;
  readonly #tables: WriteTables;
  /** How many bytes come from the scratch memory. */
  #written = 0;
  /** Where the tables begin; 0 when there are none. */
  #tablesAt = 0;

  constructor(out: ByteWriter, tables: WriteTables) {
    this.#out = out;
    this.#tables = tables;
  }

  get modules(): readonly string[] {
    return this.#tables.used ? this.#tables.modules() : NONE;
  }

  /** Takes over what was written. */
  finish(tablesAt: number, references: readonly SharedReference[] | undefined): this {
    const written = this.#out.position;
    this.#written = written;
    this.#tablesAt = tablesAt;
    this.byteLength =
      tablesAt === 0 ? written : this.#tables.buffers.endFrom(written) + FOOTER_SIZE;
    this.references = references ?? NONE;
    return this;
  }

  copyTo(target: Uint8Array, at = 0): void {
    const { byteLength } = this;
    if (target.length - at < byteLength) {
      throw new RangeError(
        `copyTo: the target has ${target.length - at} bytes, the value needs ${byteLength}`,
      );
    }
    const written = this.#written;
    const { bytes } = this.#out;
    if (written <= LOOP_COPY) {
      for (let i = 0; i < written; i++) target[at + i] = bytes[i] as number;
    } else {
      target.set(bytes.subarray(0, written), at);
    }
    if (this.#tablesAt > 0) this.#copyBinary(at === 0 ? target : target.subarray(at));
  }

  copyWords(target: Int32Array, at: number): boolean {
    if (this.#tablesAt > 0) return false;
    const { wordView } = this.#out;
    const end = (this.#written + 3) >> 2;
    for (let i = 0; i < end; i++) target[at + i] = wordView[i] as number;
    return true;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    this.copyTo(bytes);
    return bytes;
  }

  #copyBinary(target: Uint8Array): void {
    if (!this.#tables.buffers.copy(target, this.#written)) {
      throw new EncodeError(
        'value',
        'a buffer of the value was resized or transferred between encode and copyTo; encode again',
      );
    }
    const end = this.byteLength - FOOTER_SIZE;
    for (let i = 0; i < FOOTER_SIZE; i++) target[end + i] = (this.#tablesAt >>> (8 * i)) & 0xff;
  }
}
