import { MultiprocError } from '@multiproc/core';

/**
 * A value or array that was made without a lock was asked for it (`ERR_NO_LOCK`). Python
 * counterpart: the `AttributeError` of `get_lock` on a raw object.
 */
export class NoLockError extends MultiprocError {
  /** @param message - which object, and how to make one with a lock */
  constructor(message: string) {
    super('ERR_NO_LOCK', message);
  }
}

/**
 * A block was to be created under a name that another one has (`ERR_NAME_EXISTS`). Python
 * counterpart: the `FileExistsError` of `SharedMemory`.
 */
export class NameExistsError extends MultiprocError {
  /** @param message - which name, and what to do */
  constructor(message: string) {
    super('ERR_NAME_EXISTS', message);
  }
}

/**
 * No block of the family has the name (`ERR_NAME_NOT_FOUND`). Python counterpart: the
 * `FileNotFoundError` of `SharedMemory`.
 */
export class NameNotFoundError extends MultiprocError {
  /** @param message - which name, and why there may be no such block */
  constructor(message: string) {
    super('ERR_NAME_NOT_FOUND', message);
  }
}
