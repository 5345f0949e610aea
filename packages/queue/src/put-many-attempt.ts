import type { Attempt, Encoded } from '@multiproc/core';
import { QueueShutDownError } from './errors.js';
import type { Place } from './place.js';

/** A list of items that go in as room appears. */
export class PutManyAttempt implements Attempt<true> {
  /** How many are in. */
  count = 0;
  readonly #place: Place;
  readonly #list: readonly Encoded[];
  readonly #priorities: readonly number[];
  readonly #isAwaited: boolean;

  /**
   * @param place - where they go
   * @param list - the items, kept
   * @param priorities - of the items
   * @param isAwaited - a blocking call lets those of this agent go first that were made before it
   */
  constructor(
    place: Place,
    list: readonly Encoded[],
    priorities: readonly number[],
    isAwaited: boolean,
  ) {
    this.#place = place;
    this.#list = list;
    this.#priorities = priorities;
    this.#isAwaited = isAwaited;
  }

  /** @throws QueueClosedError, QueueShutDownError */
  take(): true | undefined {
    const { count } = this;
    const { store, agent, maxsize } = this.#place;
    this.#place.checkOpen('putMany');
    if (!this.#isAwaited && !agent.pending.yieldTo(store.room)) return undefined;
    if (count < this.#list.length) {
      const rest = count === 0 ? this.#list : this.#list.slice(count);
      const priorities = count === 0 ? this.#priorities : this.#priorities.slice(count);
      this.count += store.putMany(rest, maxsize, priorities);
    }
    if (this.count === this.#list.length) return true;
    if (store.isEnded) {
      const message = `putMany: ${this.count} of ${this.#list.length} items went in, then the queue was shut down`;
      throw new QueueShutDownError(message, this.count);
    }
    return undefined;
  }

  more(): boolean {
    return this.#place.store.size < this.#place.maxsize;
  }
}
