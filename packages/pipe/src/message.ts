import type { Encoded, SharedReference } from '@multiproc/core';

/**
 * First byte of a message of plain bytes; no encoded value begins with these (see core's
 * `codec/tags.ts`). SHORT stands alone before the bytes. LONG is followed by seven unused ones, so
 * that typed arrays can lie on the bytes of a message in shared memory.
 */
const SHORT = 0xfe;
const LONG = 0xff;
const LONG_PREFIX = 8;

/** Up to this length a message of plain bytes lies in a slot of the mailbox. */
const MAX_SHORT = 48;

/** Up to here a loop copies faster than `set` with its temporary view. */
const LOOP_COPY = 24;

const NONE: readonly never[] = Object.freeze([]);

/** Plain bytes as a message: what `sendBytes` sends. The bytes are the user's own until `copyTo`. */
export class PlainBytes implements Encoded {
  readonly byteLength: number;
  readonly references: readonly SharedReference[] = NONE;
  readonly modules: readonly string[] = NONE;
  readonly #bytes: Uint8Array;
  readonly #prefix: number;

  /** @param bytes - the content of the message */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#prefix = bytes.length <= MAX_SHORT ? 1 : LONG_PREFIX;
    this.byteLength = this.#prefix + bytes.length;
  }

  copyTo(target: Uint8Array): void {
    const bytes = this.#bytes;
    target[0] = this.#prefix === 1 ? SHORT : LONG;
    if (bytes.length > LOOP_COPY) {
      target.set(bytes, this.#prefix);
      return;
    }
    for (let i = 0; i < bytes.length; i++) target[1 + i] = bytes[i] as number;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    this.copyTo(bytes);
    return bytes;
  }
}

/** A message that does not keep one of the objects in it alive. */
export class UnheldMessage implements Encoded {
  readonly byteLength: number;
  readonly references: readonly SharedReference[];
  readonly modules: readonly string[];
  readonly #encoded: Encoded;

  /**
   * @param encoded - the message
   * @param isHeld - tells which objects it keeps
   */
  constructor(encoded: Encoded, isHeld: (reference: SharedReference) => boolean) {
    this.#encoded = encoded;
    this.byteLength = encoded.byteLength;
    this.references = encoded.references.filter(isHeld);
    this.modules = encoded.modules;
  }

  copyTo(target: Uint8Array): void {
    this.#encoded.copyTo(target);
  }

  toBytes(): Uint8Array {
    return this.#encoded.toBytes();
  }
}

/** Length of the prefix of a message of plain bytes; 0 when it is an encoded value. */
export function prefixOf(message: Uint8Array): number {
  if (message[0] === SHORT) return 1;
  return message[0] === LONG ? LONG_PREFIX : 0;
}
