import { type Attempt, type Encoded, keepEncoded } from '@multiproc/core';
import { QueueShutDownError } from './errors.js';
import type { Place } from './place.js';

/** One item, encoded when the call was made, that waits for room. */
export class PutAttempt implements Attempt<true> {
  readonly #place: Place;
  readonly #priority: number;
  readonly #isAwaited: boolean;
  #encoded: Encoded;

  /**
   * @param place - where it goes
   * @param encoded - valid until the next value is encoded
   * @param priority - see `Store.put`
   * @param isAwaited - whether other code may run before it is in, so that its bytes must be kept; a
   *   blocking call lets those of this agent go first that were made before it
   */
  constructor(place: Place, encoded: Encoded, priority: number, isAwaited: boolean) {
    this.#place = place;
    this.#encoded = encoded;
    this.#priority = priority;
    this.#isAwaited = isAwaited;
  }

  /** @throws QueueClosedError, QueueShutDownError */
  take(): true | undefined {
    const { store, agent, maxsize } = this.#place;
    this.#place.checkOpen('put');
    if (!this.#isAwaited && !agent.pending.yieldTo(store.room)) return undefined;
    if (store.put(this.#encoded, maxsize, this.#priority)) return true;
    if (store.isEnded) {
      throw new QueueShutDownError('put: the queue was shut down, nothing can be put any more');
    }
    if (this.#isAwaited) this.keep();
    return undefined;
  }

  more(): boolean {
    return this.#place.store.size < this.#place.maxsize;
  }

  /** Makes the item independent of what is encoded next. */
  keep(): void {
    this.#encoded = keepEncoded(this.#encoded);
  }
}
