const BRAND = Symbol.for('multiproc.error');

/** Marks an error as one of multiproc's, for classes that must extend a built-in one. */
export function brand(error: Error): void {
  Object.defineProperty(error, BRAND, { value: true });
}

/**
 * Base class of every error that multiproc throws on purpose.
 *
 * Each class has a stable string `code`. Packages are released on their own, so two copies of
 * core may meet in one program: tell errors apart with {@link isMultiprocError}, which reads the
 * brand and the code, not with `instanceof`.
 *
 * Python counterpart: `multiprocessing.ProcessError`.
 *
 * @example
 * ```ts
 * import { MultiprocError } from '@multiproc/core';
 *
 * const error = new MultiprocError('ERR_DEMO', 'nothing is wrong');
 * console.log(error.code); // → ERR_DEMO
 * ```
 */
export class MultiprocError extends Error {
  /** Stable identifier of the kind of failure, for example `ERR_ARENA_FULL`. Never renamed. */
  readonly code: string;

  /**
   * @param code - stable identifier, for example `ERR_ARENA_FULL`
   * @param message - what happened, where, and what to do
   * @param options - standard error options; `cause` is kept
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    brand(this);
  }

  /** Name of the class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * Tells whether a value is an error of multiproc, whichever copy of the packages made it.
 *
 * @param value - anything, usually what a `catch` received
 * @param code - when given, the error must carry this code too
 * @returns `true` when `value` is such an error
 *
 * @example
 * ```ts
 * import { isMultiprocError } from '@multiproc/core';
 *
 * console.log(isMultiprocError(new Error('other'))); // → false
 * ```
 */
export function isMultiprocError(
  value: unknown,
  code?: string,
): value is Error & Pick<MultiprocError, 'code'> {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
  return code === undefined || (value as { code?: unknown }).code === code;
}

/** The arena cannot hold another block (`ERR_ARENA_FULL`). The message says how to enlarge it. */
export class ArenaFullError extends MultiprocError {
  /** @param message - what was asked for and how to enlarge the arena */
  constructor(message: string) {
    super('ERR_ARENA_FULL', message);
  }
}

/**
 * The family cannot be created, joined or configured as asked (`ERR_FAMILY`): another layout
 * version, another pid namespace, a memory that this platform lacks, too many agents.
 */
export class FamilyError extends MultiprocError {
  /**
   * @param message - what does not fit and what to do
   * @param options - `cause` is kept
   */
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_FAMILY', message, options);
  }
}

/**
 * A handle does not lead to a living object (`ERR_HANDLE`): it belongs to another family, names
 * another type, or its object has been freed.
 */
export class HandleError extends MultiprocError {
  /** @param message - which handle, and why it was refused */
  constructor(message: string) {
    super('ERR_HANDLE', message);
  }
}

/** A shared object was used after `[Symbol.dispose]()`, or disposed while in use (`ERR_DISPOSED`). */
export class DisposedError extends MultiprocError {
  /** @param message - which object and which use */
  constructor(message: string) {
    super('ERR_DISPOSED', message);
  }
}

/**
 * A blocking call could never return, because only this thread, which it would block, can end
 * the wait (`ERR_DEADLOCK`).
 */
export class DeadlockError extends MultiprocError {
  /** @param message - who holds what, and which form to use instead */
  constructor(message: string) {
    super('ERR_DEADLOCK', message);
  }
}

/**
 * Something was not finished in the time that the caller gave (`ERR_TIMEOUT`). Only calls whose
 * result has no room for "no" throw it. Python counterpart: `multiprocessing.TimeoutError`.
 */
export class TimeoutError extends MultiprocError {
  /** @param message - what was waited for, and how long */
  constructor(message: string) {
    super('ERR_TIMEOUT', message);
  }
}

/**
 * A value cannot travel to another agent (`ERR_ENCODE`). Thrown at the sender before anything is
 * changed. Python counterpart: `pickle.PicklingError`, raised in the caller.
 */
export class EncodeError extends MultiprocError {
  /** Path of the offending value, for example `args[1].options.onDone`. */
  readonly path: string;

  /**
   * @param path - path of the offending value from the root of the call
   * @param message - what is wrong there and what to do instead
   * @param options - `cause` is kept
   */
  constructor(path: string, message: string, options?: ErrorOptions) {
    super('ERR_ENCODE', message, options);
    this.path = path;
  }
}

/**
 * Received bytes cannot be turned back into a value (`ERR_DECODE`): a class that is not
 * registered here, a module that cannot be imported, a shared object that is gone.
 */
export class DecodeError extends MultiprocError {
  /** A copy of the bytes that could not be decoded. */
  readonly bytes: Uint8Array;

  /**
   * @param message - what is missing at the receiver
   * @param bytes - the encoded value, copied out of shared memory
   * @param options - `cause` is kept
   */
  constructor(message: string, bytes: Uint8Array, options?: ErrorOptions) {
    super('ERR_DECODE', message, options);
    this.bytes = bytes;
  }
}

/**
 * A function or class cannot be found again from another agent (`ERR_NOT_EXPORTED`): it is a
 * closure, or its module does not export it. The message gives the place and what to export.
 */
export class NotExportedError extends MultiprocError {
  /**
   * @param message - where the function stands and what to do
   * @param options - `cause` is kept
   */
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_NOT_EXPORTED', message, options);
  }
}
