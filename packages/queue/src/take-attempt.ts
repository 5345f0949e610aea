import type { Attempt, Taken } from '@multiproc/core';
import { QueueShutDownError } from './errors.js';
import type { Place } from './place.js';

/** Waits for an item. */
export class TakeAttempt implements Attempt<Taken> {
  readonly #place: Place;
  readonly #isAwaited: boolean;

  /**
   * @param place - where items are
   * @param isAwaited - a blocking call lets those of this agent go first that were made before it
   */
  constructor(place: Place, isAwaited: boolean) {
    this.#place = place;
    this.#isAwaited = isAwaited;
  }

  /** @throws QueueClosedError, QueueShutDownError */
  take(): Taken | undefined {
    if (!this.isNext()) return undefined;
    const taken = this.#place.store.take();
    if (taken === undefined) this.#checkFinished();
    return taken;
  }

  /**
   * Takes so many at the most, and at least one.
   *
   * @throws QueueClosedError, QueueShutDownError
   */
  takeMany(max: number): Taken[] | undefined {
    const taken = this.#place.store.takeMany(max);
    if (taken.length > 0) return taken;
    this.#checkFinished();
    return undefined;
  }

  /**
   * Whether it is this call's turn.
   *
   * @throws QueueClosedError
   */
  isNext(): boolean {
    this.#place.checkOpen('get');
    return this.#isAwaited || this.#place.agent.pending.yieldTo(this.#place.store.items);
  }

  more(): boolean {
    return this.#place.store.size > 0;
  }

  #checkFinished(): void {
    if (!this.#place.store.isFinished) return;
    throw new QueueShutDownError('get: the queue was shut down, and nothing is left in it');
  }
}
