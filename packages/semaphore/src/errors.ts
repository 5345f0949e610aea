import { MultiprocError } from '@multiproc/core';

/**
 * A release would give a semaphore more permits than it can have (`ERR_SEMAPHORE_RELEASED_TOO_OFTEN`):
 * a bounded one more than its initial value, any other more than 2³⁰ − 1. Nothing was changed.
 * Python counterpart: the `ValueError` of `BoundedSemaphore.release`.
 */
export class SemaphoreReleasedTooOftenError extends MultiprocError {
  /** @param message - how many permits there would be, and how many there may be */
  constructor(message: string) {
    super('ERR_SEMAPHORE_RELEASED_TOO_OFTEN', message);
  }
}

/**
 * Permits were released that are not held (`ERR_SEMAPHORE_NOT_HELD`): by a hold that has been
 * released before, or by another agent than the holder where permits have one (`recover: true`).
 */
export class SemaphoreNotHeldError extends MultiprocError {
  /** @param message - which hold or agent, and why there is nothing to release */
  constructor(message: string) {
    super('ERR_SEMAPHORE_NOT_HELD', message);
  }
}
