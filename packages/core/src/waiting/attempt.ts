/**
 * What a primitive brings to the waiting loop: one atomic transition, and what to do when it
 * takes long. Results are never `undefined`; that means "not now".
 *
 * @typeParam Result - what a successful attempt yields
 */
export interface Attempt<Result> {
  /**
   * Tries the transition once, without waiting.
   *
   * @param thorough - also look whether somebody who stands in the way has died. Costs system
   *   calls; set once per time slice and before every final refusal
   */
  take(thorough: boolean): Result | undefined;
  /** Called on each failed attempt of a waiter that has waited for 2 ms: may reserve the next turn. */
  insist?(): void;
  /** Called when a waiter that had to wait is done, served or not: takes back what `insist` did. */
  leave?(): void;
  /**
   * After a success that had to wait: whether another waiter may succeed too. Wake-ups are not
   * counted, so two changes may have woken only one waiter, and it passes the second on.
   */
  more?(): boolean;
  /**
   * Whether all wake-ups of its event count are for all sleepers. Then so must those be that a
   * waiter passes on when it goes away: one for a single sleeper could take the place of one for all.
   */
  readonly isBroadcast?: boolean;
  /**
   * Whether a later call of the same agent may go first while this attempt fails. Left out: never.
   *
   * @param other - attempt of the later call
   */
  isPassedBy?(other: Attempt<unknown>): boolean;
}

/** Options of every call that can wait. */
export interface WaitOptions {
  /**
   * Longest time to wait, in milliseconds. Left out: for ever. 0 or less: do not wait.
   */
  timeout?: number | undefined;
  /**
   * Ends the wait: the call rejects (throws) with `signal.reason`. A blocking call cannot be
   * interrupted by its own thread, so there the signal only counts when it is aborted already.
   */
  signal?: AbortSignal | undefined;
}

/** {@link WaitOptions} without a time-out: the call ends with what it waits for, or throws. */
export interface UntimedOptions extends WaitOptions {
  /** None. */
  timeout?: undefined;
}

/** How long a waiter is overtaken before it reserves the next turn, in milliseconds. */
export const PATIENCE = 2;
