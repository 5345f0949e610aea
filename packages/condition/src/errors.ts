import { MultiprocError } from '@multiproc/core';

/**
 * A barrier is broken, or broke while the caller waited (`ERR_BARRIER_BROKEN`): somebody's time
 * was up, its action failed, a party died, or it was aborted or reset. Python counterpart:
 * `threading.BrokenBarrierError`.
 */
export class BrokenBarrierError extends MultiprocError {
  /** @param message - what the caller can do about it */
  constructor(message: string) {
    super('ERR_BARRIER_BROKEN', message);
  }
}
