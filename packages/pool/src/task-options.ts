import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkFunction,
  checkOptions,
} from '@multiproc/core';

/** Options of every task. */
export interface TaskOptions {
  /** Named arguments: an object that the function gets as its last argument. */
  kwargs?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Longest run time in milliseconds, counted from the start of the task. After that the call rejects with
   * `TimeoutError`, the task is asked to stop, and its worker is replaced if it does not.
   */
  timeout?: number | undefined;
  /** Cancels the task: the call rejects with the signal's reason, and a running task is asked to stop. */
  signal?: AbortSignal | undefined;
  /** Tasks that wait are begun in descending order of this number; 0 when left out. */
  priority?: number | undefined;
  /** Tasks of the same key run on the same worker, as long as that lives and the pool keeps its size. */
  affinity?: string | number | undefined;
  /** Buffers among the arguments that the caller gives away: they are empty afterwards. */
  transfer?: readonly ArrayBuffer[] | undefined;
  /** Gets what the task passes to `currentTask().progress`. */
  onProgress?: ((value: never) => void) | undefined;
  /** How often the task is run again when its worker dies; left out: as the pool says, 0. */
  retries?: number | undefined;
}

/** Options of the calls that return an `AsyncResult`. */
export interface AsyncOptions<Result> {
  /** Called with the result. */
  callback?: ((result: Result) => void) | undefined;
  /** Called with the error. */
  errorCallback?: ((error: unknown) => void) | undefined;
}

/** Options of `map` and `starmap`. */
export interface MapOptions extends TaskOptions {
  /** Elements that travel and run together; left out: a fourth of each worker's share. */
  chunksize?: number | undefined;
}

/** Options of `imap` and `imapUnordered`. */
export interface ImapOptions extends TaskOptions {
  /** Elements that travel and run together; 1 when left out. */
  chunksize?: number | undefined;
  /** How many chunks may be begun and not taken yet; left out: 8 for each worker. */
  buffersize?: number | undefined;
}

/**
 * Checks the options of a task.
 *
 * @throws ArgumentTypeError, ArgumentRangeError naming the option
 */
export function checkTaskOptions(options: TaskOptions): void {
  checkOptions(options);
  const { kwargs, timeout, signal, priority, affinity, transfer, onProgress, retries } = options;
  if (kwargs !== undefined) checkOptions(kwargs, 'options.kwargs');
  if (timeout !== undefined) checkNumber(timeout, 'options.timeout', 'a number of milliseconds', 0);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ArgumentTypeError('options.signal', 'an AbortSignal', signal);
  }
  if (priority !== undefined) checkNumber(priority, 'options.priority', 'a number');
  if (affinity !== undefined && typeof affinity !== 'string' && typeof affinity !== 'number') {
    throw new ArgumentTypeError('options.affinity', 'a string or number', affinity);
  }
  if (transfer !== undefined) checkTransfer(transfer);
  if (onProgress !== undefined) checkFunction(onProgress, 'options.onProgress');
  if (retries !== undefined) checkCount(retries, 'options.retries', 0);
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function checkCount(value: unknown, argument: string, least: number): void {
  const expected = `an integer from ${least}`;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ArgumentRangeError(argument, expected, value);
  }
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function checkNumber(
  value: unknown,
  argument: string,
  expected: string,
  least = Number.NEGATIVE_INFINITY,
): void {
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
  if (!(value >= least)) throw new ArgumentRangeError(argument, expected, value);
}

function checkTransfer(transfer: unknown): void {
  const isList = Array.isArray(transfer) && transfer.every((one) => one instanceof ArrayBuffer);
  if (!isList)
    throw new ArgumentTypeError('options.transfer', 'an array of ArrayBuffers', transfer);
}
