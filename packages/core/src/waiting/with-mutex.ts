import { block, type Sleeper } from './block.js';
import type { MutexWord } from './mutex-word.js';

const WAIT_FOREVER = {};

/** Longer than any holder needs that runs; in milliseconds. */
const MOMENT = { timeout: 10 };

/** For a holder that a moment has been spent on: a waiter attempts many times before it sleeps. */
const AT_ONCE = { timeout: 0 };

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

/**
 * The same for an attempt, which must come to an end in time: gives up when the holder does not
 * run, because it was stopped or its core is taken. It waits for a holder once; until it has had the
 * lock again, it only asks whether that one still holds it, and lives.
 *
 * @returns what the action returned, or `undefined` when the lock was not to be had: the waiter
 *   that attempts looks again after its time slice at the latest
 */
export function tryWithMutex<Result>(
  agent: Sleeper,
  mutex: MutexWord,
  action: () => Result,
): Result | undefined {
  const { owner } = mutex;
  const patience = owner !== 0 && owner === mutex.stalled ? AT_ONCE : MOMENT;
  const grant = block(agent, mutex.events, mutex, patience);
  mutex.stalled = grant === undefined ? mutex.owner : 0;
  if (grant === undefined) return undefined;
  try {
    return action();
  } finally {
    mutex.release();
  }
}
