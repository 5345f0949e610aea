import type { DecodeOptions } from '../codec/types.js';
import type { Arena } from '../memory/arena.js';
import { PAYLOAD } from '../objects/object-layout.js';
import { freePayload, readPayload } from '../objects/payload.js';
import { decode } from '../values.js';
import { INLINE } from './segment.js';

/**
 * A value that was taken out of a channel and belongs to this agent alone. It is valid until `free`,
 * which must be called exactly once.
 */
export class Taken {
  /** The encoded value. */
  bytes: Uint8Array;
  /** Byte offset of the payload that holds the value; 0 for a short one. */
  readonly payload: number;
  readonly #arena: Arena | undefined;
  readonly #onFree: (() => void) | undefined;

  /** @internal */
  constructor(bytes: Uint8Array, payload: number, arena?: Arena, onFree?: () => void) {
    this.bytes = bytes;
    this.payload = payload;
    this.#arena = arena;
    this.#onFree = onFree;
  }

  /**
   * The value. Shared objects in it are alive only until `free`.
   *
   * @throws DecodeError with a copy of the bytes
   */
  decode(options?: DecodeOptions): unknown {
    return decode(this.bytes, options);
  }

  /** Decodes and frees, whatever happens. */
  receive(): unknown {
    try {
      return this.decode();
    } finally {
      this.free();
    }
  }

  /** Gives the memory back, and wakes who waits for room. */
  free(): void {
    if (this === scratchTaken) isScratchTaken = false;
    else if (this.#arena) {
      freePayload(this.#arena, this.payload);
      this.announce();
    }
  }

  /** @internal Wakes who waits for the room of a payload, which somebody else has freed. */
  announce(): void {
    this.#onFree?.();
  }
}

/** Where short values are copied to, and its views by length: making one costs more than decoding a number. */
const scratchWords = new Int32Array(INLINE / 4);
const scratch = Array.from(
  { length: INLINE + 1 },
  (_, length) => new Uint8Array(scratchWords.buffer, 0, length),
);
/** The value in the scratch memory: one object, because most are freed before the next is taken. */
const scratchTaken = new Taken(scratch[0] as Uint8Array, 0);
/** Whether it is not free yet: a decode hook, or another flow of this agent, may take the next one. */
let isScratchTaken = false;

/** Copies a value out of its slot. */
export function takeInline(words: Int32Array, slot: number, length: number): Taken {
  if (isScratchTaken) return takeBeside(words, slot, length);
  isScratchTaken = true;
  for (let word = 0; word < (length + 3) >> 2; word++) {
    scratchWords[word] = words[slot + word] as number;
  }
  scratchTaken.bytes = scratch[length] as Uint8Array;
  return scratchTaken;
}

function takeBeside(words: Int32Array, slot: number, length: number): Taken {
  const copy = words.slice(slot, slot + ((length + 3) >> 2));
  const bytes = new Uint8Array(copy.length * 4);
  bytes.set(new Uint8Array(copy.buffer, copy.byteOffset, bytes.length));
  return new Taken(bytes.subarray(0, length), 0);
}

/**
 * A value in a block of its own.
 *
 * @param arena - where it lies
 * @param payload - offset of the block
 * @param onFree - called when the block is free again
 */
export function takePayload(arena: Arena, payload: number, onFree: () => void): Taken {
  return new Taken(readPayload(arena, payload), payload, arena, onFree);
}

/** Bytes that the block of a payload takes up. */
export function payloadBytes(arena: Arena, payload: number): number {
  const { words } = arena.memory;
  const length = words[payload / 4 + PAYLOAD.LENGTH] as number;
  return arena.sizeFor(messageLength(length, words[payload / 4 + PAYLOAD.REFERENCES] as number));
}

/** Length of the block for an encoded value with so many references. */
export function messageLength(byteLength: number, references: number): number {
  return byteLength + references * 4 + 16;
}
