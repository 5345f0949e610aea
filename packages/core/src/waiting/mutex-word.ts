import type { Memory } from '../memory/memory.js';
import type { Attempt } from './attempt.js';
import { EventCount, type Ringer } from './event-count.js';

/** The lock was free. */
export const GRANTED = 1;
/** The lock was taken over from an agent that died or left while it held it. */
export const ABANDONED = 2;
/** How a mutex was taken. */
export type Grant = typeof GRANTED | typeof ABANDONED;

/** What a mutex word has to know about agents; implemented by the agent table. */
export interface Owners extends Ringer {
  /** Id of the agent that runs this code. */
  readonly id: number;
  /** Whether the agent's place has been taken back or reused: one load. */
  isGone(id: number): boolean;
  /** Whether the agent has ended, asking the operating system: microseconds. */
  isDead(id: number): boolean;
}

/** Part of STATE that names the owner. */
const OWNER = 0x3fffffff;
/** Flag of STATE: only the agent in RESERVER may take the lock next. */
const RESERVED = 1 << 30;
/** Flag of STATE: somebody may wait, so whoever releases wakes. */
const WAITED = 1 << 31;

const STATE = 0;
const RESERVER = 1;
const RESERVED_AT = 2;
const EVENTS = 3;

/** A reserver confirms at least every 100 ms; a stalled event loop must not hold everybody up. */
const LAPSE = 200;

function now(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) | 0;
}

/**
 * A lock in five words that survives the death of its owner.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | STATE | 0: free | anybody, by compare-exchange | own id, + WAITED if it had announced itself |
 * | | id: held by that agent | the owner (any agent for `releaseFor`) | 0 |
 * | | | a waiter that finds the owner dead | own id, flags kept |
 * | | | a waiter that has announced itself, before it sleeps | id + WAITED |
 * | | | the agent in RESERVER | id + RESERVED |
 * | | id + WAITED: somebody may wait | as `id` | |
 * | | id + RESERVED: held, and promised | as `id`, RESERVED kept | |
 * | | RESERVED: free, and promised | the agent in RESERVER; anybody when that one is dead, lapsed or 0 | own id, WAITED kept |
 * | | | a waiter that is kept out, before it sleeps | + WAITED |
 * | | WAITED: free, a promise was given up | as 0 | own id + WAITED |
 * | RESERVER | 0, or the agent that asked for the next turn | a waiter, by compare-exchange from 0 or from a dead or lapsed one | own id |
 * | | | the reserver when it has the lock, or goes away | 0 |
 * | RESERVED_AT | when the reserver last confirmed, in ms | the reserver, at each attempt that fails | |
 * | SEQUENCE, WAITERS | event count | `EventCount` | |
 *
 * Who holds the lock is decided by compare-exchanges of STATE alone, so a stale RESERVER costs
 * at most fairness. WAITED is in STATE because whoever releases then sees by the same step whether
 * to wake, and takes and gives back a lock that nobody waits for in one atomic step each. Who was
 * woken sets it again, also when it has the lock: it cannot know whether others still sleep.
 *
 * An owner may die between any two steps: STATE still names it, and whoever
 * attempts next finds it dead.
 */
export class MutexWord implements Attempt<Grant> {
  /** Words of a mutex. */
  static readonly WORDS = EVENTS + EventCount.WORDS;

  /** What waiters for the lock wait on. */
  readonly events: EventCount;
  /** @internal The holder that this agent has last waited for in vain; 0: none, or it has had the lock since. */
  stalled = 0;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #owners: Owners;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words; all zero is a free lock
   * @param owners - who this agent is, and who is dead
   */
  constructor(memory: Memory, index: number, owners: Owners) {
    this.#words = memory.words;
    this.#index = index;
    this.#owners = owners;
    this.events = new EventCount(memory, index + EVENTS);
  }

  /** Id of the owner, 0 when free. */
  get owner(): number {
    return Atomics.load(this.#words, this.#index + STATE) & OWNER;
  }

  /** Whether this agent holds the lock. A plain read: nobody else makes it the owner. */
  get isMine(): boolean {
    return ((this.#words[this.#index] as number) & OWNER) === this.#owners.id;
  }

  /** Whether a living agent holds the lock. */
  get isHeld(): boolean {
    const owner = this.owner;
    return owner !== 0 && !this.#isDead(owner, true);
  }

  /** The free path of `take` alone, small enough to be inlined. */
  takeFree(): boolean {
    return Atomics.compareExchange(this.#words, this.#index, 0, this.#owners.id) === 0;
  }

  take(thorough: boolean): Grant | undefined {
    const waited = this.events.isAnnounced ? WAITED : 0;
    const mine = this.#owners.id | waited;
    // Loops when somebody else was faster: STATE must tell of this waiter before it sleeps.
    for (;;) {
      const state = Atomics.compareExchange(this.#words, this.#index, 0, mine);
      if (state === 0) return GRANTED;
      const owner = state & OWNER;
      if (owner === 0 ? this.#isOpen(state, thorough) : this.#isDead(owner, thorough)) {
        // A promise ends with the lock that was free for it; that of an abandoned one still counts.
        const kept = state & (owner === 0 ? WAITED : WAITED | RESERVED);
        // An abandoned lock is granted by this exchange, so exactly one waiter hears of it.
        if (this.#exchange(state, mine | kept)) return owner === 0 ? GRANTED : ABANDONED;
      } else {
        const isTold = waited === 0 || (state & WAITED) !== 0;
        if (isTold || this.#exchange(state, state | WAITED)) return undefined;
      }
    }
  }

  /** Reserves the next turn, so that agents that never sleep cannot keep this one out. */
  insist(): void {
    const me = this.#owners.id;
    const reserver = Atomics.load(this.#words, this.#index + RESERVER);
    if (reserver !== me) {
      if (reserver !== 0 && !this.#hasLapsed(reserver, false)) return;
      const slot = this.#index + RESERVER;
      if (Atomics.compareExchange(this.#words, slot, reserver, me) !== reserver) return;
    }
    // Each time: however long the lock is held, a reserver that looks for it keeps its turn.
    Atomics.store(this.#words, this.#index + RESERVED_AT, now());
    for (;;) {
      const state = Atomics.load(this.#words, this.#index);
      if ((state & OWNER) === 0 || (state & RESERVED) !== 0) return;
      if (this.#exchange(state, state | RESERVED)) return;
    }
  }

  /** Gives up the reservation, used or not. When it was not used, the caller wakes others afterwards. */
  leave(): void {
    const me = this.#owners.id;
    if (Atomics.compareExchange(this.#words, this.#index + RESERVER, me, 0) !== me) return;
    // Another reserver may have come since: it sets the flag again at its next attempt.
    Atomics.and(this.#words, this.#index, ~RESERVED);
  }

  /**
   * Frees the lock if this agent holds it. Publishes the critical section to the next `take`.
   *
   * @returns `false` when this agent does not hold it
   */
  release(): boolean {
    const me = this.#owners.id;
    const state = Atomics.compareExchange(this.#words, this.#index, me, 0);
    return state === me || ((state & OWNER) === me && this.releaseFor(me));
  }

  /**
   * Frees the lock on behalf of its owner.
   *
   * @param owner - id of the owner
   * @returns `false` when `owner` does not hold it
   */
  releaseFor(owner: number): boolean {
    for (;;) {
      const state = Atomics.load(this.#words, this.#index);
      if ((state & OWNER) !== owner) return false;
      const reserved = state & RESERVED;
      if (!this.#exchange(state, reserved)) continue;
      // A promised lock suits one certain waiter, and which sleeper is woken cannot be chosen.
      if (reserved !== 0) this.events.wakeAll(this.#owners);
      else if ((state & WAITED) !== 0) this.events.wake(this.#owners, false);
      return true;
    }
  }

  /** Whether this agent may take the lock, which is free. */
  #isOpen(state: number, thorough: boolean): boolean {
    if ((state & RESERVED) === 0) return true;
    const reserver = Atomics.load(this.#words, this.#index + RESERVER);
    return reserver === this.#owners.id || reserver === 0 || this.#hasLapsed(reserver, thorough);
  }

  #hasLapsed(reserver: number, thorough: boolean): boolean {
    const since = Atomics.load(this.#words, this.#index + RESERVED_AT);
    return ((now() - since) | 0) > LAPSE || this.#isDead(reserver, thorough);
  }

  #isDead(id: number, thorough: boolean): boolean {
    if (id === this.#owners.id) return false;
    return this.#owners.isGone(id) || (thorough && this.#owners.isDead(id));
  }

  #exchange(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.#index, from, to) === from;
  }
}
