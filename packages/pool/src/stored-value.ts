import type { Encoded, SharedReference } from '@multiproc/core';

/** Short values share slabs of so many bytes: an array of its own costs more than the value. */
const SLAB = 16_384;
const SHORT = 128;

const scratch = new Uint8Array(SHORT);
let slab = new Uint8Array(SLAB);
let used = 0;

/** An encoded value that waits in this thread for room in shared memory. */
export class StoredValue implements Encoded {
  readonly byteLength: number;
  readonly references: readonly SharedReference[];
  readonly modules: readonly string[];
  /** The value, when shared objects in it must not be collected meanwhile. */
  readonly kept: unknown;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  private constructor(
    bytes: Uint8Array,
    start: number,
    byteLength: number,
    encoded: Pick<Encoded, 'references' | 'modules'>,
    value: unknown,
  ) {
    const { references, modules } = encoded;
    this.byteLength = byteLength;
    this.references = references.length > 0 ? references.slice() : references;
    this.modules = modules;
    this.kept = references.length > 0 ? value : undefined;
    this.#bytes = bytes;
    this.#start = start;
  }

  /** Copies a value that was just encoded. */
  static of(encoded: Encoded, value: unknown): StoredValue {
    const { byteLength } = encoded;
    if (byteLength > SHORT) {
      return new StoredValue(encoded.toBytes(), 0, byteLength, encoded, value);
    }
    encoded.copyTo(scratch);
    return StoredValue.#short(scratch, byteLength, encoded, value);
  }

  /** Copies bytes that hold no references. */
  static ofBytes(bytes: Uint8Array): StoredValue {
    const { length } = bytes;
    const plain = { references: [], modules: [] };
    if (length > SHORT) return new StoredValue(bytes.slice(), 0, length, plain, undefined);
    return StoredValue.#short(bytes, length, plain, undefined);
  }

  static #short(
    bytes: Uint8Array,
    length: number,
    encoded: Pick<Encoded, 'references' | 'modules'>,
    value: unknown,
  ): StoredValue {
    if (used + length > SLAB) {
      slab = new Uint8Array(SLAB);
      used = 0;
    }
    const start = used;
    used += length;
    for (let i = 0; i < length; i++) slab[start + i] = bytes[i] as number;
    return new StoredValue(slab, start, length, encoded, value);
  }

  copyTo(target: Uint8Array): void {
    const bytes = this.#bytes;
    const start = this.#start;
    const length = this.byteLength;
    if (length > SHORT) target.set(bytes);
    else for (let i = 0; i < length; i++) target[i] = bytes[start + i] as number;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    this.copyTo(bytes);
    return bytes;
  }
}
