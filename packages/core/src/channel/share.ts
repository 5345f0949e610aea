import type { Encoded } from '../codec/types.js';
import { ArenaFullError, isMultiprocError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { writePayload } from '../objects/payload.js';
import { messageLength } from './taken.js';

/** Part of the arena that one container of messages may fill, so that others still find room. */
const SHARE = 0.75;

/** Bytes that the messages in one queue, pipe or channel may fill. */
export function shareOf(arena: Arena): number {
  return Math.floor(arena.capacity * SHARE);
}

/**
 * Bytes that the block of a message takes up.
 *
 * @throws ArenaFullError when they are more than may ever be in one container
 */
export function bytesFor(arena: Arena, { byteLength, references }: Encoded): number {
  const bytes = arena.sizeFor(messageLength(byteLength, references.length));
  const share = shareOf(arena);
  if (bytes < share) return bytes;
  throw new ArenaFullError(
    `a message of ${byteLength} bytes can never be sent: one queue or pipe may hold ` +
      `${(share / 2 ** 20).toFixed(1)} MiB of the family's arena. Send it in parts, or start the ` +
      'root process with a larger arena: configure({ arenaSize: bytes }) or ' +
      'MULTIPROC_ARENA_SIZE=bytes',
  );
}

/**
 * Writes a payload, if the arena has room.
 *
 * @returns its offset, or `undefined` when there is none
 * @throws DisposedError when a shared object in the value has been disposed
 */
export function tryWritePayload(arena: Arena, encoded: Encoded): number | undefined {
  try {
    return writePayload(arena, encoded);
  } catch (error) {
    if (isMultiprocError(error, 'ERR_ARENA_FULL')) return undefined;
    throw error;
  }
}
