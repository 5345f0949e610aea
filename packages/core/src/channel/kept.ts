import type { Encoded, SharedReference } from '../codec/types.js';

/** Below this length a loop copies faster than `set`. */
const LOOP_COPY = 64;

/** An encoded value with bytes of its own: it stays valid when other values are encoded. */
class KeptBytes implements Encoded {
  readonly byteLength: number;
  readonly references: readonly SharedReference[];
  readonly modules: readonly string[];
  readonly #bytes: Uint8Array;

  constructor(encoded: Encoded) {
    this.#bytes = encoded.toBytes();
    this.byteLength = encoded.byteLength;
    this.references = encoded.references;
    this.modules = encoded.modules;
  }

  copyTo(target: Uint8Array, at = 0): void {
    const bytes = this.#bytes;
    if (bytes.length >= LOOP_COPY) target.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) target[at + i] = bytes[i] as number;
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }
}

/**
 * Copies an encoded value, for a call that has to wait before it can store it: the value is sent
 * as it was when the call was made.
 */
export function keepEncoded(encoded: Encoded): Encoded {
  return encoded instanceof KeptBytes ? encoded : new KeptBytes(encoded);
}
