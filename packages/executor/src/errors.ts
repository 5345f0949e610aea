import { MultiprocError, registerClass } from '@multiproc/core';

/**
 * The future was cancelled before its call had begun (`ERR_CANCELLED`). Python counterpart:
 * `CancelledError`.
 */
export class CancelledError extends MultiprocError {
  /** @param message - what was cancelled */
  constructor(message = 'the future was cancelled before its call had begun') {
    super('ERR_CANCELLED', message);
  }
}

/**
 * A future is not in the state that the call needs (`ERR_FUTURE_STATE`): it has an outcome already.
 * Nothing was changed. Python counterpart: `InvalidStateError`.
 */
export class InvalidStateError extends MultiprocError {
  /** @param message - what was asked, in which state */
  constructor(message: string) {
    super('ERR_FUTURE_STATE', message);
  }
}

/**
 * The executor takes no more calls (`ERR_EXECUTOR_SHUTDOWN`). Python counterpart: the `RuntimeError`
 * "cannot schedule new futures after shutdown".
 */
export class ExecutorShutdownError extends MultiprocError {
  /** @param message - what to do */
  constructor(message: string) {
    super('ERR_EXECUTOR_SHUTDOWN', message);
  }
}

/**
 * The executor cannot go on (`ERR_BROKEN_EXECUTOR`, or the code of a subclass); `cause` says why. Python
 * counterpart: `BrokenExecutor`.
 */
export class BrokenExecutorError extends MultiprocError {
  /**
   * @param message - what has happened
   * @param options - `cause` is kept
   * @param code - of a subclass
   */
  constructor(message: string, options?: ErrorOptions, code = 'ERR_BROKEN_EXECUTOR') {
    super(code, message, options);
  }
}

/**
 * The processes of an executor do not start, or were ended, or one of them has died and the executor is
 * strict (`ERR_BROKEN_PROCESS_POOL`). Python counterpart: `BrokenProcessPool`.
 */
export class BrokenProcessPoolError extends BrokenExecutorError {
  /**
   * @param message - what has happened
   * @param options - `cause` is kept
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_BROKEN_PROCESS_POOL');
  }
}

/** The same for threads (`ERR_BROKEN_THREAD_POOL`). Python counterpart: `BrokenThreadPool`. */
export class BrokenThreadPoolError extends BrokenExecutorError {
  /**
   * @param message - what has happened
   * @param options - `cause` is kept
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_BROKEN_THREAD_POOL');
  }
}

for (const cls of [
  CancelledError,
  InvalidStateError,
  ExecutorShutdownError,
  BrokenExecutorError,
  BrokenProcessPoolError,
  BrokenThreadPoolError,
]) {
  try {
    registerClass(cls, { name: `multiproc.${cls.name}` });
  } catch {
    // Another copy of this package has the name: errors arrive with the class of that one.
  }
}
