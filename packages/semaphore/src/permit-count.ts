import { EventCount, type Memory, type Owners } from '@multiproc/core';
import { SemaphoreReleasedTooOftenError } from './errors.js';
import type { PermitCall, Permits } from './permit-call.js';
import { Reservation } from './reservation.js';

/** Part of STATE that counts. */
const COUNT = 0x3fffffff;
/** Flag of STATE: look at the reservation before taking, wake all after giving back. */
const RESERVED = 1 << 30;
/** Flag of STATE: a call may wait, so whoever gives back wakes. */
const WAITED = 1 << 31;

const STATE = 0;
const BOUND = 1;
const RESERVATION = 2;
const SMALL = RESERVATION + Reservation.WORDS;
const LARGE = SMALL + EventCount.WORDS;

/** Most permits that a semaphore can have. */
export const MOST_PERMITS = COUNT;

/**
 * Permits that nobody owns: nine words.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | STATE | permits that are free | who takes n, by compare-exchange from at least n | − n |
 * | | | who gives n back, by compare-exchange from at most BOUND − n | + n, − WAITED |
 * | | + WAITED: a call may wait | a call that has announced itself, in the step in which it takes, or by compare-exchange from fewer than it wants before it sleeps | + WAITED |
 * | | + RESERVED: they are promised to a call | the reserver, by compare-exchange from fewer than it wants | + RESERVED |
 * | | | the reserver when it is done, or who finds no reservation | − RESERVED |
 * | BOUND | most permits that there may be | who makes the semaphore | |
 * | RESERVER, RESERVED_AT, RESTS_UNTIL | who may take the next permits | `Reservation` | |
 * | SMALL: SEQUENCE, WAITERS | event count of calls for one permit | `EventCount` | |
 * | LARGE: SEQUENCE, WAITERS | event count of all other calls; each wake-up is for all | `EventCount` | |
 *
 * One permit given back suits any call for one permit, so one is woken; whether it suits a call
 * for more is known to that call alone. With one event count for both, the wake-up for one could
 * go to a call that cannot use it. RESERVED is part of STATE for the same reason: whoever gives
 * back sees by the same step whether there is a call that only a wake-up for all is sure to reach.
 * WAITED is, so that permits which nobody waits for are taken and given back in one atomic step
 * each. A call that was woken sets it again, also when it has its permits: it cannot know whether
 * others still sleep.
 */
export class PermitCount implements Permits {
  /** Words of counted permits. */
  static readonly WORDS = LARGE + EventCount.WORDS;

  readonly bound: number;
  readonly reservation: Reservation;
  readonly wakesAll = false;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #owners: Owners;
  readonly #small: EventCount;
  readonly #large: EventCount;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words, filled by {@link PermitCount.initialise}
   * @param owners - who this agent is, and who is dead
   */
  constructor(memory: Memory, index: number, owners: Owners) {
    this.#words = memory.words;
    this.#index = index;
    this.#owners = owners;
    this.bound = Atomics.load(memory.words, index + BOUND);
    this.reservation = new Reservation(memory, index + RESERVATION, owners);
    this.#small = new EventCount(memory, index + SMALL);
    this.#large = new EventCount(memory, index + LARGE);
  }

  /** Fills the words, which are all zero. */
  static initialise(words: Int32Array, index: number, value: number, bound: number): void {
    Atomics.store(words, index + STATE, value);
    Atomics.store(words, index + BOUND, bound);
  }

  get value(): number {
    return Atomics.load(this.#words, this.#index) & COUNT;
  }

  get isMine(): boolean {
    return false;
  }

  eventsFor(permits: number): EventCount {
    return permits === 1 ? this.#small : this.#large;
  }

  takeFree(): boolean {
    const state = this.#glance();
    return state > 0 && state < RESERVED && this.#exchange(state, state - 1);
  }

  take(call: PermitCall, thorough: boolean): boolean {
    const waited = this.eventsFor(call.permits).isAnnounced ? WAITED : 0;
    for (;;) {
      const state = Atomics.load(this.#words, this.#index);
      if ((state & COUNT) < call.permits || this.#isKeptOut(call, state, thorough)) {
        // STATE tells of the call before it sleeps.
        const isTold = waited === 0 || (state & WAITED) !== 0;
        if (isTold || this.#exchange(state, state | WAITED)) return false;
      } else if (this.#exchange(state, (state - call.permits) | waited)) return true;
    }
  }

  promise(call: PermitCall): void {
    for (;;) {
      const state = Atomics.load(this.#words, this.#index);
      // With enough permits the call need not keep others out: it was or will be woken for them.
      if ((state & RESERVED) !== 0 || (state & COUNT) >= call.permits) return;
      if (this.#exchange(state, state | RESERVED)) return;
    }
  }

  unreserve(): void {
    const state = Atomics.and(this.#words, this.#index, ~RESERVED);
    if ((state & COUNT) > 0) this.#wake(true);
  }

  release(permits: number): void {
    let state = this.#glance();
    // Nothing checks the guess where it refuses.
    if ((state & COUNT) + permits > this.bound) state = Atomics.load(this.#words, this.#index);
    for (;;) {
      const count = (state & COUNT) + permits;
      if (count > this.bound) {
        throw new SemaphoreReleasedTooOftenError(
          `the semaphore would have ${count} permits, and can have ${this.bound} at the most`,
        );
      }
      const after = (state + permits) & ~WAITED;
      const found = Atomics.compareExchange(this.#words, this.#index, state, after);
      if (found === state) break;
      state = found;
    }
    if ((state & RESERVED) !== 0) this.#wakeReserver();
    else if ((state & WAITED) !== 0) this.#wake(permits > 1);
  }

  /** Whether the permits that are there are promised to another call. */
  #isKeptOut(call: PermitCall, state: number, thorough: boolean): boolean {
    if ((state & RESERVED) === 0) return false;
    if (this.reservation.keepsOut(call, thorough)) return true;
    // A new reserver may have come meanwhile: it sets the flag again at its next attempt.
    if (this.reservation.isFree) Atomics.and(this.#words, this.#index, ~RESERVED);
    return false;
  }

  #wake(all: boolean): void {
    this.#small.wake(this.#owners, all);
    this.#large.wake(this.#owners, true);
  }

  /** The permits suit one certain call; which sleeper is woken cannot be chosen. */
  #wakeReserver(): void {
    this.#small.wakeAll(this.#owners);
    this.#large.wakeAll(this.#owners);
  }

  /** A plain read, an eighth of the cost of an atomic one: a guess that a compare-exchange checks. */
  #glance(): number {
    return this.#words[this.#index] as number;
  }

  #exchange(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.#index, from, to) === from;
  }
}
