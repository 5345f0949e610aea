import type { Attempt, Grant, MutexWord } from '@multiproc/core';

/**
 * One call for a lock that its owner may take again. What the call makes of the lock is made in the
 * very step that takes it, so no other call of the agent finds it taken and belonging to nobody.
 */
export class Turn<Result> implements Attempt<Result> {
  readonly #mutex: MutexWord;
  readonly #enterAgain: () => Result | undefined;
  readonly #enter: (grant: Grant) => Result;

  /**
   * @param mutex - the lock
   * @param enterAgain - enters without taking the lock, when the caller owns it
   * @param enter - called when the lock was taken
   */
  constructor(
    mutex: MutexWord,
    enterAgain: () => Result | undefined,
    enter: (grant: Grant) => Result,
  ) {
    this.#mutex = mutex;
    this.#enterAgain = enterAgain;
    this.#enter = enter;
  }

  take(thorough: boolean): Result | undefined {
    const again = this.#enterAgain();
    if (again !== undefined) return again;
    const grant = this.#mutex.take(thorough);
    return grant === undefined ? undefined : this.#enter(grant);
  }

  insist(): void {
    this.#mutex.insist();
  }

  leave(): void {
    this.#mutex.leave();
  }

  /** A call of the flow that owns the lock by now must not wait behind one that waits for that flow. */
  isPassedBy(): boolean {
    return this.#mutex.isMine;
  }
}
