import type { Attempt, EventCount } from '@multiproc/core';
import { type Caller, LONGEST_TURN, milliseconds, type Reservation } from './reservation.js';

/** Permits as calls see them: counted, or with an owner each. */
export interface Permits {
  /** How many there are at the most. */
  readonly bound: number;
  /** Permits that nobody has right now. */
  readonly value: number;
  /** Whether the calling agent is known to have some. */
  readonly isMine: boolean;
  /** Who may take the next ones. */
  readonly reservation: Reservation;
  /** Whether each change wakes every sleeper, also of calls for a single permit. */
  readonly wakesAll: boolean;
  /** What calls for this number of permits wait on. */
  eventsFor(permits: number): EventCount;
  /** Takes one permit if that is simple. */
  takeFree(): boolean;
  /** Takes the permits of a call, all or none. */
  take(call: PermitCall, thorough: boolean): boolean;
  /** Makes the reservation of a call, which was claimed before, count. */
  promise(call: PermitCall): void;
  /** A reservation has ended: others may be served now. */
  unreserve(): void;
  /** Gives permits back, all or none. */
  release(permits: number): void;
}

/**
 * One call that wants permits.
 *
 * A call that has waited for 2 ms reserves: what is given back then adds up for it, until there is
 * enough. Calls for fewer permits, which could have been served meanwhile, must not wait for ever
 * either when there is never enough. So after 200 ms the call lets all others go first for as
 * long, then may reserve for 400 ms, and so on: it is served once permits are held no longer than
 * its turn, and nobody else is kept out for more than that.
 */
export class PermitCall implements Attempt<true>, Caller {
  readonly permits: number;
  readonly isBlocking: boolean;
  readonly isBroadcast: boolean;
  readonly #source: Permits;
  #turn = 200;
  #since = 0;

  /**
   * @param source - where the permits come from
   * @param permits - how many
   * @param isBlocking - whether the call blocks the thread
   */
  constructor(source: Permits, permits: number, isBlocking: boolean) {
    this.#source = source;
    this.permits = permits;
    this.isBlocking = isBlocking;
    this.isBroadcast = permits > 1 || source.wakesAll;
  }

  take(thorough: boolean): true | undefined {
    return this.#source.take(this, thorough) ? true : undefined;
  }

  insist(): void {
    const now = milliseconds();
    const { reservation } = this.#source;
    if (!reservation.isBy(this)) {
      if (!reservation.claim(this, now)) return;
      this.#since = now;
    } else if (now - this.#since < this.#turn) {
      reservation.confirm(now);
    } else {
      this.#rest(now);
      return;
    }
    this.#source.promise(this);
  }

  leave(): void {
    if (this.#source.reservation.drop(this)) this.#source.unreserve();
  }

  more(): boolean {
    return !this.isBroadcast && this.#source.value > 0;
  }

  /** A call for fewer permits need not stand behind one that there is not enough for. */
  isPassedBy(other: Attempt<unknown>): boolean {
    return (other as PermitCall).permits < this.permits;
  }

  #rest(now: number): void {
    this.#source.reservation.rest(now + this.#turn);
    this.leave();
    this.#turn = Math.min(this.#turn * 2, LONGEST_TURN);
  }
}
