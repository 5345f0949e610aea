import { block, type Sleeper } from './block.js';
import type { MutexWord } from './mutex-word.js';

const WAIT_FOREVER = {};

/**
 * Runs a short action under an internal lock. Blocks the thread even inside asynchronous methods:
 * such a lock is held for microseconds, and `block` notices a holder that has died.
 *
 * The action must leave everything right after each of its stores, because the agent may die
 * anywhere and the next holder repairs nothing.
 */
export function withMutex<Result>(agent: Sleeper, mutex: MutexWord, action: () => Result): Result {
  block(agent, mutex.events, mutex, WAIT_FOREVER);
  try {
    return action();
  } finally {
    mutex.release();
  }
}
