import type { Attempt } from './attempt.js';
import type { EventCount } from './event-count.js';

/**
 * Longest time to stay awake, in milliseconds: what a sleep and its wake-up cost at the most (20 to
 * 50 µs for both sides when the other core idles). Whoever spins that long and then sleeps has lost
 * no more than the sleep costs.
 */
const LONGEST = 0.05;

/** Looks between two glances at the clock. */
const TURN = 128;

/** Every so many looks is an attempt. */
const LOOKS = 8;

/** How much a vain spin weighs against one that paid: it must pay two times out of three. */
const VAIN = 2;

/** After vain spins, at most 2 to the power of this minus one waits pass without another. */
const HIGHEST = 6;

/**
 * Stays awake for a moment before a sleep, where a sleep would cost more: the spinner of one event
 * count in one agent.
 *
 * Every wait begins with a short look, about a microsecond. A long one follows where it has paid:
 * two agents that answer each other on two cores hand over in half a microsecond, and in ten to
 * twenty when each sleeps. Where the other side has no core, or takes its time, long spins are in
 * vain and only steal from it. So each vain one lets more waits pass before the next is tried, up
 * to 63, which costs less than a microsecond for each wait; each that pays undoes part of that.
 *
 * Nobody spins for long while others sleep on the same event count: the one who spins would be
 * served before those who came earlier, and of several waiters only one can be served anyway.
 */
export class Spinner {
  #level = 0;
  #pause = 0;

  /**
   * Attempts while it looks as if success were near.
   *
   * @param events - what the attempt waits on
   * @param attempt - the transition to make
   * @param looks - length of the short look
   * @param start - when the wait began, by `performance.now()`
   * @param timeout - when it ends, in milliseconds after `start`
   * @returns what the attempt yielded, or `undefined`: sleep now
   */
  spin<Result>(
    events: EventCount,
    attempt: Attempt<Result>,
    looks: number,
    start: number,
    timeout: number,
  ): Result | undefined {
    const early = look(events, attempt, looks);
    if (early !== undefined || this.#passes()) return early;
    const longest = Math.min(LONGEST, timeout);
    do {
      if (events.isCrowded) return undefined;
      const taken = look(events, attempt, TURN);
      if (taken !== undefined) {
        if (this.#level > 0) this.#level--;
        return taken;
      }
    } while (performance.now() - start < longest);
    this.#level = Math.min(this.#level + VAIN, HIGHEST);
    this.#pause = (1 << this.#level) - 1;
    return undefined;
  }

  #passes(): boolean {
    if (this.#pause === 0) return false;
    this.#pause--;
    return true;
  }
}

function look<Result>(
  events: EventCount,
  attempt: Attempt<Result>,
  looks: number,
): Result | undefined {
  for (let at = 1; at <= looks; at++) {
    // The loads keep the core busy for a moment; attempting at each turn would steal the cache
    // line from the one who is about to free it.
    if (at % LOOKS !== 0) void events.sequence;
    else {
      const taken = attempt.take(false);
      if (taken !== undefined) return taken;
    }
  }
  return undefined;
}
