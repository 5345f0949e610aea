import type { Encoded } from '../codec/types.js';
import { DisposedError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { retainNamed } from './object-header.js';
import { PAYLOAD } from './object-layout.js';
import { freeOwned, OWNED } from './owned.js';

/** From this length on, copies of a value may come from memory that the system has cleared. */
const LONG = 8192;

function valueStart(references: number): number {
  return (PAYLOAD.OFFSETS * 4 + references * 4 + 7) & ~7;
}

/**
 * Writes an encoded value into a new block, with a reference to each shared object in it.
 *
 * @returns offset of the block
 * @throws ArenaFullError
 * @throws DisposedError when one of the objects has been disposed since the value was encoded
 */
export function writePayload(arena: Arena, encoded: Encoded): number {
  const { references, byteLength } = encoded;
  const start = valueStart(references.length);
  const offset = arena.allocate(start + byteLength);
  const { words, bytes } = arena.memory;
  words[offset / 4 + PAYLOAD.LENGTH] = byteLength;
  for (const [position, reference] of references.entries()) {
    words[offset / 4 + PAYLOAD.REFERENCES] = position;
    if (!retainNamed(arena, reference.offset, reference.serial)) {
      freePayload(arena, offset);
      throw new DisposedError('a shared object in the value has been disposed');
    }
    words[offset / 4 + PAYLOAD.OFFSETS + position] = reference.offset;
  }
  words[offset / 4 + PAYLOAD.REFERENCES] = references.length;
  try {
    encoded.copyTo(bytes.subarray(offset + start, offset + start + byteLength));
  } catch (error) {
    freePayload(arena, offset);
    throw error;
  }
  return offset;
}

/** The encoded value of a payload: a view that is valid until the payload is freed. */
export function readPayload(arena: Arena, offset: number): Uint8Array {
  const { words, bytes } = arena.memory;
  const start = offset + valueStart(words[offset / 4 + PAYLOAD.REFERENCES] as number);
  const length = words[offset / 4 + PAYLOAD.LENGTH] as number;
  if (length >= LONG) arena.memory.expectCopies();
  return bytes.subarray(start, start + length);
}

/** Frees a payload and gives its references back. */
export function freePayload(arena: Arena, offset: number): void {
  if (arena.memory.words[offset / 4 + PAYLOAD.REFERENCES] === 0) arena.free(offset);
  else freeOwned(arena, offset | OWNED.PAYLOAD);
}
