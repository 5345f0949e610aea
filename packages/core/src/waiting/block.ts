import { checkWaitOptions } from '../arguments.js';
import { type Attempt, PATIENCE, type WaitOptions } from './attempt.js';
import type { EventCount, Ringer } from './event-count.js';

/** What a blocking wait has to know about the agent that waits. */
export interface Sleeper extends Ringer {
  /** Longest sleep before the waiter looks around, in milliseconds. */
  readonly slice: number;
  /** Looks again before the first sleep; 0 where there is one core, then it never spins. */
  readonly spins: number;
  /** Shows in the agent table what this agent waits on; 0: nothing. */
  waitingOn(index: number): void;
  /** Called after each slice: ends the process when its parent is gone and it must not outlive it. */
  checkParent(): void;
}

/**
 * Blocks the thread until the attempt succeeds. The only place in multiproc that does.
 *
 * @param agent - the agent that waits
 * @param events - what is woken when the attempt may succeed
 * @param attempt - the transition to make
 * @param options - time-out and signal
 * @returns what the attempt yielded, or `undefined` after the time-out
 */
export function block<Result>(
  agent: Sleeper,
  events: EventCount,
  attempt: Attempt<Result>,
  options: WaitOptions,
): Result | undefined {
  checkWaitOptions(options);
  const timeout = options.timeout ?? Number.POSITIVE_INFINITY;
  const taken = attempt.take(false);
  if (taken !== undefined) return taken;
  if (timeout <= 0) return attempt.take(true);
  const start = performance.now();
  if (agent.spins > 0) {
    const late = events.spinner.spin(events, attempt, agent.spins, start, timeout);
    if (late !== undefined) return late;
  }
  agent.waitingOn(events.index);
  try {
    return sleepUntilTaken(agent, events, attempt, start, timeout);
  } finally {
    agent.waitingOn(0);
  }
}

function sleepUntilTaken<Result>(
  agent: Sleeper,
  events: EventCount,
  attempt: Attempt<Result>,
  start: number,
  timeout: number,
): Result | undefined {
  let thorough = false;
  // Loops because a wake-up is a hint: another agent may have been faster, a slice may have
  // ended, or the wake-up was meant for someone else.
  for (;;) {
    const sequence = events.sequence;
    events.announceSleeper(sequence);
    const taken = attempt.take(thorough);
    if (taken !== undefined) {
      attempt.leave?.();
      if (attempt.more?.()) events.wake(agent, false);
      return taken;
    }
    const waited = performance.now() - start;
    if (waited >= timeout) {
      if (thorough) return leave(agent, events, attempt);
      // Refusing needs a thorough look; the bit is set, so nothing is missed meanwhile.
      thorough = true;
      continue;
    }
    if (waited >= PATIENCE) attempt.insist?.();
    const before = waited;
    const slice = Math.min(agent.slice, timeout - waited);
    events.sleep(sequence, slice);
    // Whoever died without a wake-up is noticed once per slice.
    thorough = performance.now() - start - before >= slice;
    if (thorough) agent.checkParent();
  }
}

/**
 * Goes away without success. This waiter may have used up a wake-up that another needs, and its
 * reservation may have kept others out: so the next one is woken.
 */
function leave(agent: Sleeper, events: EventCount, attempt: Attempt<unknown>): undefined {
  attempt.leave?.();
  events.wake(agent, attempt.isBroadcast === true);
  return undefined;
}
