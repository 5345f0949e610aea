import { LockNotHeldError } from './errors.js';

/** What a hold gives back. */
export interface Releasable {
  /** Releases the acquisition that this hold stands for, `false` when it is not held any more. */
  releaseHold(hold: Hold): boolean;
}

/**
 * One acquisition of a lock: what `acquire` resolves to. Releasing it releases the lock once; a
 * hold of an earlier acquisition cannot release a later one.
 *
 * Python counterpart: the `with` statement over a lock.
 *
 * @example
 * ```ts
 * import { Lock } from '@multiproc/lock';
 *
 * const lock = new Lock();
 * const hold = await lock.acquire();
 * console.log(lock.locked()); // → true
 * hold?.release();
 * console.log(lock.locked()); // → false
 * ```
 */
export class Hold {
  readonly #lock: Releasable;
  #abandoned: boolean;

  /**
   * @param lock - what was acquired
   * @param abandoned - whether the previous owner died with the lock
   */
  constructor(lock: Releasable, abandoned: boolean) {
    this.#lock = lock;
    this.#abandoned = abandoned;
  }

  /**
   * Whether the previous owner died, or ended, while it held the lock: what the lock protects may
   * be half changed. A `Condition` that waits gives the lock away and takes it again: afterwards
   * this tells about that latest taking.
   */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** @internal Called when the lock was given away for a while and taken again. */
  takenAgain(abandoned: boolean): void {
    this.#abandoned = abandoned;
  }

  /**
   * Releases the lock.
   *
   * @throws {@link LockNotHeldError} when this hold has been released before
   */
  release(): void {
    if (this.#lock.releaseHold(this)) return;
    throw new LockNotHeldError('this hold of the lock has been released already');
  }

  /** Releases the lock at the end of a `using` block, unless that has been done already. */
  [Symbol.dispose](): void {
    this.#lock.releaseHold(this);
  }
}
