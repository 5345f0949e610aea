import { type Attempt, PATIENCE, type WaitOptions } from './attempt.js';
import type { EventCount, Ringer } from './event-count.js';
import { Waiter } from './waiter.js';

/** What awaiting has to know about the agent that awaits. */
export interface Awaiter extends Ringer {
  /** The agent's bit in WAITERS. */
  readonly bit: number;
  /** Has the agent's event loop called `Pending.serve` when another agent rings. */
  arm(): void;
  /** Called once per interval while anything is pending. */
  checkParent(): void;
}

/** Between two looks around while anything is pending, in milliseconds. */
const INTERVAL = 100;

/** After so many successes, an agent lets its event loop turn once. */
const GRANTS = 64;

/**
 * Everything that one agent awaits. There is one doorbell per agent, so a ring says only "look":
 * each pending attempt is made again, oldest first.
 *
 * While anything is pending, one interval keeps the event loop alive (neither a doorbell nor
 * `Atomics.waitAsync` does), re-arms the doorbell and looks whether somebody died. So a waker
 * that is killed before it rings costs at most one interval.
 */
export class Pending {
  readonly #agent: Awaiter;
  readonly #queues = new Map<number, Waiter<unknown>[]>();
  #interval: NodeJS.Timeout | undefined;
  #isPoked = false;
  #grants = 0;
  #isResting = false;

  /** @param agent - the agent that awaits */
  constructor(agent: Awaiter) {
    this.#agent = agent;
  }

  /** Whether this agent awaits this event count. */
  has(events: EventCount): boolean {
    return this.#queues.has(events.index);
  }

  /**
   * Adds a waiter behind those that wait for the same thing.
   *
   * @returns what the attempt yields, or `undefined` after the time-out
   */
  add<Result>(
    events: EventCount,
    attempt: Attempt<Result>,
    options: WaitOptions,
  ): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      // Armed before the attempt: a change that the attempt does not see rings. And before the
      // waiter is queued, because it may throw: nobody would take back what that waiter is given.
      this.#agent.arm();
      const waiter = new Waiter(events, attempt, resolve, reject);
      const queue = this.#queues.get(events.index);
      if (queue) queue.push(waiter as Waiter<unknown>);
      else this.#queues.set(events.index, [waiter as Waiter<unknown>]);
      this.#interval ??= setInterval(() => this.#lookAround(), INTERVAL);
      waiter.watch(options, (reason) => this.#expire(waiter as Waiter<unknown>, reason));
      this.#serveQueue(events.index, false);
    });
  }

  /** Looks at everything that is pending; called when the doorbell rang. */
  serve(): void {
    this.#serveAll(false);
  }

  /**
   * Lets the calls that await this event count attempt at once, before a blocking call of the same
   * agent does: it was made later.
   *
   * @returns whether none of them waits any more, so that the blocking call may attempt
   */
  yieldTo(events: EventCount): boolean {
    // Thorough: while the thread is blocked, no event loop turns and ends a rest.
    if (this.has(events)) this.#serveQueue(events.index, true);
    return !this.has(events);
  }

  /** Looks at everything soon, because this agent itself changed something it awaits. */
  poke(): void {
    if (this.#isPoked || this.#queues.size === 0) return;
    this.#isPoked = true;
    queueMicrotask(() => {
      this.#isPoked = false;
      this.serve();
    });
  }

  /**
   * Lets the event loop turn before anybody else is served: two flows of one agent that hand a
   * lock to and fro, in microtasks only, would never let a timer run.
   */
  #rest(): void {
    this.#isResting = true;
    setImmediate(() => {
      this.#isResting = false;
      this.serve();
    });
  }

  #lookAround(): void {
    this.#agent.checkParent();
    this.#serveAll(true);
  }

  #serveAll(thorough: boolean): void {
    if (this.#queues.size === 0) return;
    this.#agent.arm();
    for (const index of this.#queues.keys()) this.#serveQueue(index, thorough);
  }

  /** Lets the waiters of one event count attempt, in the order in which they came. */
  #serveQueue(index: number, thorough: boolean): void {
    const queue = this.#queues.get(index);
    let position = 0;
    while (queue !== undefined && position < queue.length && (thorough || !this.#isResting)) {
      const waiter = queue[position] as Waiter<unknown>;
      // Set before every attempt: only wakers clear bits, and they clear them all.
      waiter.events.announceAgent(this.#agent.bit);
      const taken = attemptOf(waiter, thorough);
      if (taken === undefined) {
        if (waiter.waited >= PATIENCE) waiter.attempt.insist?.();
        position = nextAfter(queue, position);
        continue;
      }
      queue.splice(position, 1);
      if (queue.length === 0) this.#forget(index);
      waiter.attempt.leave?.();
      if (waiter.attempt.more?.()) waiter.events.wake(this.#agent, false);
      if (!waiter.isSettled) waiter.settle(taken);
      if (++this.#grants % GRANTS === 0) this.#rest();
    }
  }

  /** The time-out or the signal of a waiter has come. */
  #expire(waiter: Waiter<unknown>, reason: { signal: AbortSignal } | undefined): void {
    const { events, attempt } = waiter;
    const queue = this.#queues.get(events.index) as Waiter<unknown>[];
    if (!reason) {
      // A time-out refuses only after a thorough look; those before it have their turn first.
      this.#serveQueue(events.index, true);
      if (waiter.isSettled) return;
    }
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) this.#forget(events.index);
    attempt.leave?.();
    // It may have used up a wake-up that another waiter needs.
    events.wake(this.#agent, attempt.isBroadcast === true);
    if (reason) waiter.fail(reason.signal.reason);
    else waiter.settle(undefined);
  }

  #forget(index: number): void {
    this.#queues.delete(index);
    if (this.#queues.size > 0) return;
    clearInterval(this.#interval);
    this.#interval = undefined;
  }
}

/** Position of the next waiter that may attempt although this one failed; past the end for none. */
function nextAfter(queue: readonly Waiter<unknown>[], failed: number): number {
  const { attempt } = queue[failed] as Waiter<unknown>;
  if (!attempt.isPassedBy) return queue.length;
  let next = failed + 1;
  while (next < queue.length && !attempt.isPassedBy((queue[next] as Waiter<unknown>).attempt))
    next++;
  return next;
}

/** Attempts; an attempt that throws ends its own wait and no other. */
function attemptOf(waiter: Waiter<unknown>, thorough: boolean): unknown {
  try {
    return waiter.attempt.take(thorough);
  } catch (error) {
    waiter.fail(error);
    return error;
  }
}
