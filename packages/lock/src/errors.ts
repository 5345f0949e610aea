import { MultiprocError } from '@multiproc/core';

/**
 * A lock was released that is not held, or a hold was released twice (`ERR_LOCK_NOT_HELD`).
 * Python counterpart: the `ValueError` of `Lock.release`.
 */
export class LockNotHeldError extends MultiprocError {
  /** @param message - which lock or hold, and why there is nothing to release */
  constructor(message: string) {
    super('ERR_LOCK_NOT_HELD', message);
  }
}

/**
 * An `RLock` was released by somebody who does not own it (`ERR_LOCK_NOT_OWNED`). Python
 * counterpart: the `AssertionError` of `RLock.release`.
 */
export class LockNotOwnedError extends MultiprocError {
  /** @param message - who owns the lock */
  constructor(message: string) {
    super('ERR_LOCK_NOT_OWNED', message);
  }
}
