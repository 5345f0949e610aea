/**
 * `Semaphore` and `BoundedSemaphore` from Python's `multiprocessing`, shared by threads and
 * processes.
 *
 * @packageDocumentation
 */
export { BoundedSemaphore } from './bounded-semaphore.js';
export { SemaphoreNotHeldError, SemaphoreReleasedTooOftenError } from './errors.js';
export type {
  AcquireOptions,
  BoundedSemaphoreOptions,
  SemaphoreOptions,
  UntimedAcquireOptions,
} from './options.js';
export { PermitHold, type PermitSource } from './permit-hold.js';
export { Semaphore } from './semaphore.js';
export { SemaphoreBase } from './semaphore-base.js';
