import { checkWaitOptions } from '../arguments.js';
import type { Attempt, WaitOptions } from './attempt.js';
import type { EventCount } from './event-count.js';
import type { Pending } from './pending.js';

/** After so many calls that did not have to wait, one lets the event loop turn. */
const READY_CALLS = 128;

let readyCalls = 0;

/**
 * Awaits until the attempt succeeds; the awaiting twin of `block`, on the same words.
 *
 * Calls of one agent that wait for the same thing succeed in the order in which they were made.
 *
 * @param pending - what the agent awaits
 * @param events - what is woken when the attempt may succeed
 * @param attempt - the transition to make
 * @param options - time-out and signal
 * @returns what the attempt yielded, or `undefined` after the time-out
 */
export async function blockAsync<Result>(
  pending: Pending,
  events: EventCount,
  attempt: Attempt<Result>,
  options: WaitOptions,
): Promise<Result | undefined> {
  checkWaitOptions(options);
  const mayWait = options.timeout === undefined || options.timeout > 0;
  if (!mayWait) return attempt.take(true);
  // A call that finds others waiting goes behind them.
  const taken = pending.has(events) ? undefined : attempt.take(false);
  if (taken === undefined) return pending.add(events, attempt, options);
  if (isTurnOver()) await nextTurn();
  return taken;
}

/**
 * Counts a call that did not have to wait. A loop over such calls would otherwise starve timers and
 * sockets: each `await` only yields to microtasks.
 *
 * @returns whether the call is to await `nextTurn` before it returns
 */
export function isTurnOver(): boolean {
  return ++readyCalls % READY_CALLS === 0;
}

/** Lets the event loop turn once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
