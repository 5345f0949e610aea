import type { Memory, Owners } from '@multiproc/core';

const RESERVER = 0;
const RESERVED_AT = 1;
const RESTS_UNTIL = 2;

/** A reserver confirms at least every 100 ms; a stalled event loop must not hold everybody up. */
const LAPSE = 200;

/** Longest time for which one call keeps others out, or lets them go first, in milliseconds. */
export const LONGEST_TURN = 51_200;

/** One call that waits for permits, as far as reservations are concerned. */
export interface Caller {
  /** Whether it blocks the thread: then no other call of its agent can be served meanwhile. */
  readonly isBlocking: boolean;
}

/**
 * The promise that the next permits go to one call, so that others cannot take them again and
 * again before there are enough: three words.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | RESERVER | 0: nobody | a waiter, by compare-exchange | own id |
 * | | id: nobody else may take permits | that agent, when its call is done or rests | 0 |
 * | | id of an agent that is dead or does not confirm any more | whoever notices, by compare-exchange | 0 |
 * | RESERVED_AT | when the reserver confirmed, in ms | the reserver | now |
 * | RESTS_UNTIL | until when nobody may reserve, in ms; more than the longest turn ahead: not set | a reserver whose turn ends in vain | now + its turn |
 *
 * Who has permits is decided elsewhere, so a wrong reservation costs at most fairness.
 */
export class Reservation {
  /** Words of a reservation. */
  static readonly WORDS = 3;

  readonly #words: Int32Array;
  readonly #index: number;
  readonly #owners: Owners;
  /** The call of this agent that reserved: several may be waiting. */
  #caller: Caller | undefined;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words; all zero is none
   * @param owners - who this agent is, and who is dead
   */
  constructor(memory: Memory, index: number, owners: Owners) {
    this.#words = memory.words;
    this.#index = index;
    this.#owners = owners;
  }

  /** Whether nobody has reserved. */
  get isFree(): boolean {
    return Atomics.load(this.#words, this.#index + RESERVER) === 0;
  }

  /** Whether this call has reserved, and nobody has taken that back. */
  isBy(caller: Caller): boolean {
    if (this.#caller !== caller) return false;
    return Atomics.load(this.#words, this.#index + RESERVER) === this.#owners.id;
  }

  /**
   * Whether permits are promised to another call. Removes a reservation that has lapsed.
   *
   * @param caller - who wants to take permits
   * @param thorough - also ask the operating system whether the reserver has died
   */
  keepsOut(caller: Caller, thorough: boolean): boolean {
    const reserver = Atomics.load(this.#words, this.#index + RESERVER);
    if (reserver === 0) return false;
    if (reserver === this.#owners.id && (this.#caller === caller || caller.isBlocking))
      return false;
    if (!this.#hasLapsed(reserver, thorough)) return true;
    Atomics.compareExchange(this.#words, this.#index + RESERVER, reserver, 0);
    return false;
  }

  /** Reserves for a call, unless another one has, or all others are to go first. */
  claim(caller: Caller, now: number): boolean {
    const rest = (Atomics.load(this.#words, this.#index + RESTS_UNTIL) - now) | 0;
    if (rest > 0 && rest <= LONGEST_TURN) return false;
    const me = this.#owners.id;
    const slot = this.#index + RESERVER;
    const reserver = Atomics.load(this.#words, slot);
    if (reserver !== 0 && !this.#hasLapsed(reserver, false)) return false;
    if (Atomics.compareExchange(this.#words, slot, reserver, me) !== reserver) return false;
    this.#caller = caller;
    this.confirm(now);
    return true;
  }

  /** Tells that the reserver is awake. */
  confirm(now: number): void {
    Atomics.store(this.#words, this.#index + RESERVED_AT, now | 0);
  }

  /** Lets others go first for some time: several calls in turn could keep them out for ever. */
  rest(until: number): void {
    Atomics.store(this.#words, this.#index + RESTS_UNTIL, until | 0);
  }

  /** Gives up the reservation of this call. `false` when it has none. */
  drop(caller: Caller): boolean {
    if (this.#caller !== caller) return false;
    this.#caller = undefined;
    const me = this.#owners.id;
    return Atomics.compareExchange(this.#words, this.#index + RESERVER, me, 0) === me;
  }

  #hasLapsed(reserver: number, thorough: boolean): boolean {
    const since = Atomics.load(this.#words, this.#index + RESERVED_AT);
    if (((milliseconds() - since) | 0) > LAPSE) return true;
    if (reserver === this.#owners.id) return false;
    return this.#owners.isGone(reserver) || (thorough && this.#owners.isDead(reserver));
  }
}

/** A clock that all processes of the machine share. */
export function milliseconds(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
