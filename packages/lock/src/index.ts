/**
 * `Lock` and `RLock` from Python's `multiprocessing`, shared by threads and processes.
 *
 * @packageDocumentation
 */
export { LockNotHeldError, LockNotOwnedError } from './errors.js';
export { Hold, type Releasable } from './hold.js';
export { Lock } from './lock.js';
export { RLock } from './rlock.js';
