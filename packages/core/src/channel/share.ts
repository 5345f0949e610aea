import type { Encoded } from '../codec/types.js';
import { ArenaFullError, isMultiprocError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { writePayload } from '../objects/payload.js';
import { messageLength } from './taken.js';

/**
 * A container of messages may hold so many times what it leaves free: alone it fills three quarters
 * of the arena, and several that grow at the same time get equal parts.
 */
const GREED = 3;

/**
 * What any number of containers that nobody empties leave free, as parts of the arena: the last
 * part no message takes, so that locks and all the rest find room, and the part before it only
 * those that hold few, so that a new queue works beside others that are full.
 */
const RESERVE = { all: 1 / 64, few: 1 / 16 };

/** Up to this part of the arena, a container holds few. */
const FEW = 1 / 1024;

/**
 * Part of the arena that one message may fill. Less than a container may, so that a message is not
 * accepted for which an arena with a few other objects in it never has room.
 */
const LARGEST = 2 / 3;

/**
 * Whether a container may grow. Whoever asks does so next.
 *
 * @param held - bytes that its messages fill
 * @param bytes - to be added
 */
export function mayGrow(arena: Arena, held: number, bytes: number): boolean {
  const total = held + bytes;
  const reserve = total > arena.capacity * FEW ? RESERVE.few : RESERVE.all;
  return arena.leaves(bytes, Math.max(total / GREED, arena.capacity * reserve));
}

/**
 * Bytes that the block of a message takes up.
 *
 * @throws ArenaFullError when they are more than may ever be in one container
 */
export function bytesFor(arena: Arena, { byteLength, references }: Encoded): number {
  const bytes = arena.sizeFor(messageLength(byteLength, references.length));
  const most = arena.capacity * LARGEST;
  if (bytes <= most) return bytes;
  throw new ArenaFullError(
    `a message of ${byteLength} bytes can never be sent: one may fill ` +
      `${(most / 2 ** 20).toFixed(1)} MiB of the family's arena. Send it in parts, or start the ` +
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
