import { type Agent, EventCount, type Memory, MutexWord, tryWithMutex } from '@multiproc/core';
import { SemaphoreNotHeldError } from './errors.js';
import type { PermitCall, Permits } from './permit-call.js';
import { Reservation } from './reservation.js';

const RESERVATION = 0;
const SMALL = RESERVATION + Reservation.WORDS;
const LARGE = SMALL + EventCount.WORDS;
const MUTEX = LARGE + EventCount.WORDS;

/** Most permits that can have owners: each costs a word, and a look at each `acquire`. */
export const MOST_OWNED = 1024;

/**
 * Permits that come back when their owner dies: one word each, and the words to wait with.
 *
 * | word of a permit | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | OWNER | 0: free | the holder of the mutex | own id |
 * | | id: taken by that agent | that agent | 0 |
 * | | id of an agent that has died | the holder of the mutex | own id |
 *
 * | other words | what | source |
 * | --- | --- | --- |
 * | RESERVER, RESERVED_AT, RESTS_UNTIL | who may take the next permits | `Reservation` |
 * | SMALL, LARGE | event counts of calls for one permit and for more; each wake-up is for all | `EventCount` |
 * | MUTEX | held while permits are taken, so that a call gets all of its permits or none | `MutexWord` |
 *
 * The owner is all that is kept about a permit, so no death can make a count and its record
 * disagree: a taker that dies halfway owns some words, and each of them is free again. Under the
 * mutex permits can only become free, so what was found is still there when it is taken.
 */
export class OwnedPermits implements Permits {
  /** Words beside those of the permits. */
  static readonly WORDS = MUTEX + MutexWord.WORDS;

  readonly bound: number;
  readonly reservation: Reservation;
  readonly wakesAll = true;
  readonly #words: Int32Array;
  readonly #permits: number;
  readonly #agent: Agent;
  readonly #small: EventCount;
  readonly #large: EventCount;
  readonly #mutex: MutexWord;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words, all zero at first
   * @param permits - index of the first permit; all zero is all free
   * @param bound - how many permits there are
   * @param agent - who this agent is, and who is dead
   */
  constructor(memory: Memory, index: number, permits: number, bound: number, agent: Agent) {
    this.#words = memory.words;
    this.#permits = permits;
    this.#agent = agent;
    this.bound = bound;
    this.reservation = new Reservation(memory, index + RESERVATION, agent);
    this.#small = new EventCount(memory, index + SMALL);
    this.#large = new EventCount(memory, index + LARGE);
    this.#mutex = new MutexWord(memory, index + MUTEX, agent);
  }

  get value(): number {
    return this.#find(this.bound, (owner) => this.#isFree(owner, true)).length;
  }

  get isMine(): boolean {
    return this.#find(1, (owner) => owner === this.#agent.id).length > 0;
  }

  eventsFor(permits: number): EventCount {
    return permits === 1 ? this.#small : this.#large;
  }

  takeFree(): boolean {
    return false;
  }

  take(call: PermitCall, thorough: boolean): boolean {
    const isTaken = tryWithMutex(this.#agent, this.#mutex, () => {
      if (this.reservation.keepsOut(call, thorough)) return false;
      const found = this.#find(call.permits, (owner) => this.#isFree(owner, thorough));
      if (found.length < call.permits) return false;
      for (const permit of found) Atomics.store(this.#words, permit, this.#agent.id);
      return true;
    });
    return isTaken === true;
  }

  promise(): void {
    // It counts as soon as it is claimed: every call looks at it.
  }

  unreserve(): void {
    this.#wake();
  }

  release(permits: number): void {
    const mine = this.#find(permits, (owner) => owner === this.#agent.id);
    if (mine.length < permits) {
      throw new SemaphoreNotHeldError(
        `this agent has ${mine.length} permits of the semaphore and cannot release ${permits}: with ` +
          '`recover: true`, only the agent that acquired a permit may release it',
      );
    }
    for (const permit of mine) Atomics.store(this.#words, permit, 0);
    this.#wake();
  }

  #wake(): void {
    this.#small.wake(this.#agent, true);
    this.#large.wake(this.#agent, true);
  }

  /** Indices of at most `most` permits with a suitable owner. */
  #find(most: number, suits: (owner: number) => boolean): number[] {
    const found: number[] = [];
    const end = this.#permits + this.bound;
    for (let permit = this.#permits; permit < end && found.length < most; permit++) {
      if (suits(Atomics.load(this.#words, permit))) found.push(permit);
    }
    return found;
  }

  #isFree(owner: number, thorough: boolean): boolean {
    if (owner === 0) return true;
    if (owner === this.#agent.id) return false;
    return this.#agent.isGone(owner) || (thorough && this.#agent.isDead(owner));
  }
}
