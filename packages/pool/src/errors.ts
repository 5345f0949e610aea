import { MultiprocError, registerClass } from '@multiproc/core';

/**
 * The pool is not in the state that the call needs (`ERR_POOL_STATE`): it has been closed, or is to be
 * joined before that. Python counterpart: the `ValueError` "Pool not running" and "Pool is still running".
 */
export class PoolStateError extends MultiprocError {
  /** @param message - what was asked, in which state, and what to do */
  constructor(message: string) {
    super('ERR_POOL_STATE', message);
  }
}

/**
 * The pool was terminated before the task ended (`ERR_POOL_TERMINATED`). Python counterpart: none, such
 * a result never comes.
 */
export class PoolTerminatedError extends MultiprocError {
  /** @param message - what was terminated */
  constructor(message: string) {
    super('ERR_POOL_TERMINATED', message);
  }
}

/**
 * The pool gave up (`ERR_POOL_BROKEN`): its initializer failed, or its workers died while they started,
 * too many times in a row. `cause` is the last failure. Python counterpart: `BrokenProcessPool`; a
 * Python `Pool` starts workers for ever.
 */
export class PoolBrokenError extends MultiprocError {
  /**
   * @param message - what failed how many times
   * @param options - `cause` is the last failure
   */
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_POOL_BROKEN', message, options);
  }
}

/**
 * More tasks wait than `maxQueue` allows (`ERR_POOL_QUEUE_FULL`). Wait for `pool.ready()` before the
 * next one. Python counterpart: none.
 */
export class PoolQueueFullError extends MultiprocError {
  /** @param message - how many tasks wait */
  constructor(message: string) {
    super('ERR_POOL_QUEUE_FULL', message);
  }
}

/** Too many pools inside each other (`ERR_POOL_BUDGET`). Python counterpart: none. */
export class PoolBudgetError extends MultiprocError {
  /** @param message - how many workers there would be, and how many there may be */
  constructor(message: string) {
    super('ERR_POOL_BUDGET', message);
  }
}

/** What is known about a worker that died. */
export interface WorkerDeath {
  /** Process id; a thread has that of its process. */
  readonly pid: number;
  /** As in `Process`: the code of `process.exit()`, or minus the number of a signal. */
  readonly exitCode: number | null;
  /** Name of that signal, `null` when there was none. */
  readonly signal: string | null;
  /** Name of the worker. */
  readonly worker: string;
  /** What it ran. */
  readonly task: string;
}

/**
 * The worker that ran a task ended before the task did (`ERR_WORKER_DIED`): it was killed, ran out of
 * memory, crashed, or the task called `process.exit()`. Whether the task had effects is not known, so
 * it is run again only when `retries` allows that. Python counterpart: none in `Pool`, whose result
 * never comes; `BrokenProcessPool` of executors.
 */
export class WorkerDiedError extends MultiprocError implements WorkerDeath {
  /** Process id; a thread has that of its process. */
  readonly pid: number;
  /** As in `Process`: the code of `process.exit()`, or minus the number of a signal. */
  readonly exitCode: number | null;
  /** Name of that signal, `null` when there was none. */
  readonly signal: string | null;
  /** Name of the worker. */
  readonly worker: string;
  /** What it ran. */
  readonly task: string;

  /**
   * @param message - what happened to which worker, and what may have been the reason
   * @param death - the same as data
   */
  constructor(message: string, death: WorkerDeath) {
    super('ERR_WORKER_DIED', message);
    this.pid = death.pid;
    this.exitCode = death.exitCode;
    this.signal = death.signal;
    this.worker = death.worker;
    this.task = death.task;
  }
}

/**
 * A task returned, or threw, what cannot travel (`ERR_MAYBE_ENCODING`). Python counterpart:
 * `MaybeEncodingError`.
 */
export class MaybeEncodingError extends MultiprocError {
  /** Why it cannot travel, in words. */
  readonly exc: string;
  /** What it was, in words. */
  readonly value: string;

  /**
   * @param exc - why it cannot travel
   * @param value - what it was
   */
  constructor(exc: string, value: string) {
    super('ERR_MAYBE_ENCODING', `Error sending result: '${value}'. Reason: '${exc}'`);
    this.exc = exc;
    this.value = value;
  }
}

/** A task was cancelled (`ERR_TASK_CANCELLED`). Python counterpart: `CancelledError`. */
export class TaskCancelledError extends MultiprocError {
  /** @param message - what was cancelled, and by whom */
  constructor(message: string) {
    super('ERR_TASK_CANCELLED', message);
  }
}

for (const cls of [
  PoolStateError,
  PoolTerminatedError,
  PoolBrokenError,
  PoolQueueFullError,
  PoolBudgetError,
  WorkerDiedError,
  MaybeEncodingError,
  TaskCancelledError,
]) {
  registerClass(cls);
}
