import { attach, currentFamily, type Handle, type ObjectSpec } from '@multiproc/core';
import type { Lock, RLock } from '@multiproc/lock';
import { WaitQueue } from './wait-queue.js';

/**
 * Content of a condition. It holds a reference to its lock, which therefore lives as long as it.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | LOCK_TYPE | 0: Lock, 1: RLock | the creator |
 * | LOCK_OFFSET, LOCK_SERIAL | the lock's handle | the creator |
 * | QUEUE | see `WaitQueue` | the holder of the lock |
 */
const LOCK_TYPE = 0;
const LOCK_OFFSET = 1;
const LOCK_SERIAL = 2;
/** Where the waiting calls are kept. */
export const QUEUE = 3;

const LOCK_TYPES = ['Lock', 'RLock'];

/**
 * What a new condition is made of.
 *
 * @param makeLock - called only if the condition is really made
 */
export function specOf(makeLock: () => Handle): ObjectSpec {
  let lock: Handle;
  return {
    type: 'Condition',
    bytes: (QUEUE + WaitQueue.WORDS) * 4,
    holds: () => {
      lock = makeLock();
      return lock;
    },
    initialise: (content) => {
      const { words } = currentFamily().memory;
      words[content + LOCK_TYPE] = LOCK_TYPES.indexOf(lock.type);
      words[content + LOCK_OFFSET] = lock.offset;
      words[content + LOCK_SERIAL] = lock.serial;
    },
  };
}

/** The lock of the condition with this content. */
export function lockOf(content: number): Lock | RLock {
  const { id, memory } = currentFamily();
  const handle: Handle = {
    family: id,
    type: LOCK_TYPES[memory.words[content + LOCK_TYPE] as number] as string,
    offset: memory.words[content + LOCK_OFFSET] as number,
    serial: memory.words[content + LOCK_SERIAL] as number,
  };
  return attach(handle, handle.type) as Lock | RLock;
}
