import { type AnyClass, DecodeError, MultiprocError, registerClass } from '@multiproc/core';

/** Lets an error class travel; a second copy of this package keeps to the brand and the code. */
function travels(cls: AnyClass<Error>): void {
  try {
    registerClass(cls, { name: `multiproc.${cls.name}` });
  } catch {
    // Another copy has the name: then errors arrive with the class of that one.
  }
}

/**
 * There was nothing to get: at once, or within the time-out (`ERR_QUEUE_EMPTY`). Nothing was taken.
 * Python counterpart: `queue.Empty`.
 */
export class QueueEmptyError extends MultiprocError {
  static {
    travels(QueueEmptyError);
  }

  /** @param message - how long was waited */
  constructor(message: string) {
    super('ERR_QUEUE_EMPTY', message);
  }
}

/**
 * There was no room: at once, or within the time-out (`ERR_QUEUE_FULL`). The message says whether
 * the queue is at its `maxsize` or the family's memory is full. Python counterpart: `queue.Full`.
 */
export class QueueFullError extends MultiprocError {
  static {
    travels(QueueFullError);
  }

  /** How many items of the call went in: of `putMany` the first so many, otherwise 0. */
  readonly count: number;

  /**
   * @param message - what is full
   * @param count - how many items went in
   */
  constructor(message: string, count = 0) {
    super('ERR_QUEUE_FULL', message);
    this.count = count;
  }
}

/**
 * The queue was closed by this agent, for this agent (`ERR_QUEUE_CLOSED`). Python counterpart: the
 * `ValueError` of a closed `Queue`, the `OSError` of a closed `SimpleQueue`.
 */
export class QueueClosedError extends MultiprocError {
  static {
    travels(QueueClosedError);
  }

  /** @param message - which call was refused */
  constructor(message: string) {
    super('ERR_QUEUE_CLOSED', message);
  }
}

/**
 * The queue was shut down, for everybody (`ERR_QUEUE_SHUT_DOWN`): nothing can be put, or nothing is
 * left to get. Python counterpart: `queue.ShutDown`.
 */
export class QueueShutDownError extends MultiprocError {
  static {
    travels(QueueShutDownError);
  }

  /** How many items of the call went in: of `putMany` the first so many, otherwise 0. */
  readonly count: number;

  /**
   * @param message - which call was refused
   * @param count - how many items went in
   */
  constructor(message: string, count = 0) {
    super('ERR_QUEUE_SHUT_DOWN', message);
    this.count = count;
  }
}

/**
 * `joinThread` was called before `close` (`ERR_QUEUE_NOT_CLOSED`). Python counterpart: the
 * `AssertionError` of `Queue.join_thread`.
 */
export class QueueNotClosedError extends MultiprocError {
  static {
    travels(QueueNotClosedError);
  }

  /** @param message - what to do */
  constructor(message: string) {
    super('ERR_QUEUE_NOT_CLOSED', message);
  }
}

/**
 * `taskDone` was called more often than items were put (`ERR_TASK_DONE_TOO_OFTEN`). Python
 * counterpart: the `ValueError` of `JoinableQueue.task_done`.
 */
export class TaskDoneTooOftenError extends MultiprocError {
  static {
    travels(TaskDoneTooOftenError);
  }

  /** @param message - what was counted */
  constructor(message: string) {
    super('ERR_TASK_DONE_TOO_OFTEN', message);
  }
}

/**
 * Some items of a batch could not be decoded (`ERR_DECODE`). All of the batch has been taken; the
 * others are in `items`. `message`, `bytes` and `cause` are those of the first one.
 */
export class BatchDecodeError extends DecodeError {
  static {
    travels(BatchDecodeError);
  }

  /** The items that could be decoded, in their order. */
  readonly items: readonly unknown[];

  /**
   * @param first - what the first failure threw
   * @param items - the items that could be decoded
   */
  constructor(first: unknown, items: readonly unknown[]) {
    const { message, bytes, cause } = first as DecodeError;
    super(message, bytes, { cause });
    this.items = items;
  }
}
