import { SemaphoreNotHeldError } from './errors.js';

/** What a hold gives back. */
export interface PermitSource {
  /** Gives permits back. */
  release(permits: number): void;
}

/**
 * The permits of one `acquire`. Releasing it gives back exactly these permits, once.
 *
 * Python counterpart: the `with` statement over a semaphore.
 *
 * @example
 * ```ts
 * import { Semaphore } from '@multiproc/semaphore';
 *
 * const semaphore = new Semaphore(3);
 * const hold = await semaphore.acquire({ permits: 2 });
 * console.log(hold.permits, semaphore.getValue()); // → 2 1
 * hold.release();
 * console.log(semaphore.getValue()); // → 3
 * ```
 */
export class PermitHold {
  /** How many permits it has, or had before it was released. */
  readonly permits: number;
  readonly #source: PermitSource;
  #isReleased = false;

  /**
   * @param source - what was acquired
   * @param permits - how many permits
   */
  constructor(source: PermitSource, permits: number) {
    this.#source = source;
    this.permits = permits;
  }

  /**
   * Gives the permits back.
   *
   * @throws {@link SemaphoreNotHeldError} when this hold has been released before
   */
  release(): void {
    if (this.#isReleased) {
      throw new SemaphoreNotHeldError('this hold of the semaphore has been released already');
    }
    this.#source.release(this.permits);
    this.#isReleased = true;
  }

  /** Gives the permits back at the end of a `using` block, unless that has been done already. */
  [Symbol.dispose](): void {
    if (!this.#isReleased) this.release();
  }
}
