import type { Encoded } from '../codec/types.js';
import { DisposedError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { release, retainNamed } from './object-header.js';

/**
 * An encoded value in a block of its own: what is in flight between two agents.
 *
 * | offset | what |
 * | --- | --- |
 * | 0 | LENGTH of the encoded value in bytes |
 * | 4 | REFERENCES: how many shared objects the value refers to |
 * | 8 | their offsets, four bytes each; the payload holds one reference to each |
 * | next multiple of 8 | the encoded value |
 */
const LENGTH = 0;
const REFERENCES = 1;
const OFFSETS = 2;

function valueStart(references: number): number {
  return (OFFSETS * 4 + references * 4 + 7) & ~7;
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
  words[offset / 4 + LENGTH] = byteLength;
  for (const [position, reference] of references.entries()) {
    words[offset / 4 + REFERENCES] = position;
    if (!retainNamed(arena, reference.offset, reference.serial)) {
      freePayload(arena, offset);
      throw new DisposedError('a shared object in the value has been disposed');
    }
    words[offset / 4 + OFFSETS + position] = reference.offset;
  }
  words[offset / 4 + REFERENCES] = references.length;
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
  const start = offset + valueStart(words[offset / 4 + REFERENCES] as number);
  return bytes.subarray(start, start + (words[offset / 4 + LENGTH] as number));
}

/** Frees a payload and gives its references back. */
export function freePayload(arena: Arena, offset: number): void {
  const { words } = arena.memory;
  const references = words[offset / 4 + REFERENCES] as number;
  for (let position = 0; position < references; position++) {
    release(arena, words[offset / 4 + OFFSETS + position] as number);
  }
  arena.free(offset);
}
