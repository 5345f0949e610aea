import { PoolBrokenError } from './errors.js';

/** So many workers in a row may fail to start before the pool gives up. */
const MOST = 3;

/** One that was ended by a signal counts for less: that may be somebody's doing, or a lack of memory. */
const KILLED = 0.1;

/** Counts workers that did not come up. */
export class StartFailures {
  #count = 0;
  #last: unknown;

  /** Whether there were too many in a row. */
  get areTooMany(): boolean {
    return this.#count >= MOST;
  }

  /** What the pool rejects with when there were. */
  get error(): PoolBrokenError {
    const cause = this.#last;
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return new PoolBrokenError(
      `the pool has given up: too many workers in a row failed to start. The last failure: ${why}`,
      { cause },
    );
  }

  /** A worker has come up. */
  forget(): void {
    this.#count = 0;
  }

  /**
   * A worker has not come up.
   *
   * @param failure - why
   * @param exitCode - of its process
   */
  add(failure: unknown, exitCode: number | null): void {
    this.#last = failure;
    this.#count += (exitCode ?? 0) < 0 ? KILLED : 1;
  }
}
