import type { Attempt } from '@multiproc/core';
import type { Key } from './key.js';

/** What an awaiting call does again and again until it succeeds, for one key. */
export class KeyAttempt<Result> implements Attempt<Result> {
  readonly take: (thorough: boolean) => Result | undefined;
  /** A change of one key may suit any of the stripe's waiters. */
  readonly isBroadcast = true;
  readonly #key: Key;
  readonly #onlyLooks: boolean;

  /**
   * @param key - what it is for
   * @param onlyLooks - whether it changes nothing, so that its place in the queue does not matter
   * @param take - the attempt
   */
  constructor(key: Key, onlyLooks: boolean, take: (thorough: boolean) => Result | undefined) {
    this.#key = key;
    this.#onlyLooks = onlyLooks;
    this.take = take;
  }

  /** All but those that want to change the same key. */
  isPassedBy(other: Attempt<unknown>): boolean {
    if (this.#onlyLooks || !(other instanceof KeyAttempt)) return true;
    return other.#onlyLooks || !this.#key.is(other.#key);
  }
}
