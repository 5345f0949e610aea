import type { Encoded, EventCount, Taken } from '@multiproc/core';

/** Where the items of a queue are, and in which order they come out. Its calls never wait. */
export interface Store {
  /** Woken when something was put, and at the end. */
  readonly items: EventCount;
  /** Woken when something was taken, and at the end. */
  readonly room: EventCount;
  /** How many items are in it. */
  readonly size: number;
  /** Whether nothing can be put any more. */
  readonly isEnded: boolean;
  /** Whether nothing is in it and nothing can come. */
  readonly isFinished: boolean;
  /**
   * Puts one in; `false`: there is no room, or it has been ended.
   *
   * @param limit - how many it may hold
   * @param priority - where it goes, if that is not a matter of time alone
   */
  put(encoded: Encoded, limit: number, priority: number): boolean;
  /** Puts as many of the list as there is room for, and returns how many. */
  putMany(list: readonly Encoded[], limit: number, priorities: readonly number[]): number;
  /** Takes the next one, if there is one. */
  take(): Taken | undefined;
  /** Takes so many at the most. */
  takeMany(max: number): Taken[];
  /** Refuses everything that comes later. */
  end(): boolean;
}
