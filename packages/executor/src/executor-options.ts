import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  checkWaitOptions,
  type WaitOptions,
} from '@multiproc/core';
import type { PoolOptions, TaskTarget } from '@multiproc/pool';
import type { Context, StartMethod } from '@multiproc/process';

/** What executors have in common with pools, under the same names. */
type Shared =
  | 'env'
  | 'execArgv'
  | 'resourceLimits'
  | 'idleTimeout'
  | 'tasksPerWorker'
  | 'maxMemory'
  | 'grace'
  | 'retries';

/**
 * Options of executors: those of Python, and some of a pool's (`idleTimeout` is endless when left out: workers
 * are started when they are needed, and stay).
 */
export interface ExecutorOptions extends Pick<PoolOptions, Shared> {
  /**
   * Greatest number of workers. Left out or `null`: the processors that this process may use; in a worker of
   * a pool, its share of them.
   */
  maxWorkers?: number | null | undefined;
  /** Called in each worker before its first call. When it fails three times in a row, the executor is broken. */
  initializer?: TaskTarget<never[], unknown> | null | undefined;
  /** Arguments of the initializer. */
  initargs?: Iterable<unknown> | undefined;
  /** After so many calls a worker is replaced by a new one. Left out or `null`: never. */
  maxTasksPerChild?: number | null | undefined;
  /**
   * What the death of a worker means. `false`, and when left out: the call that it ran rejects with
   * `WorkerDiedError`, and the others go on. `true`, as in Python: the executor is broken, and everything
   * that is not over rejects.
   */
  strict?: boolean | undefined;
}

/** Options of `ProcessPoolExecutor`. */
export interface ProcessPoolExecutorOptions extends ExecutorOptions {
  /** Left out: the default, see `getStartMethod`. */
  startMethod?: StartMethod | undefined;
  /** What `getContext` gives: another way to name the start method. */
  mpContext?: Context | undefined;
}

/** Options of `map`. */
export interface ExecutorMapOptions extends WaitOptions {
  /** How many calls travel and run together; 1 when left out. */
  chunksize?: number | undefined;
  /** How many chunks may be begun whose results have not been taken. Left out: all input is taken at once. */
  buffersize?: number | null | undefined;
}

/**
 * The options of the pool under an executor.
 *
 * @throws ArgumentTypeError, ArgumentRangeError naming the option
 */
export function readExecutorOptions(options: ProcessPoolExecutorOptions): PoolOptions {
  checkOptions(options);
  const { maxWorkers, maxTasksPerChild, strict, startMethod, mpContext, ...shared } = options;
  const { idleTimeout = Number.POSITIVE_INFINITY } = shared;
  checkCount(maxWorkers, 'options.maxWorkers');
  checkCount(maxTasksPerChild, 'options.maxTasksPerChild');
  if (strict !== undefined && typeof strict !== 'boolean') {
    throw new ArgumentTypeError('options.strict', 'a boolean', strict);
  }
  return {
    ...shared,
    idleTimeout,
    processes: { min: 0, max: maxWorkers ?? undefined },
    maxtasksperchild: maxTasksPerChild,
    startMethod: startMethod ?? readContext(mpContext),
  };
}

/**
 * The options of `map`, with their defaults.
 *
 * @throws ArgumentTypeError, ArgumentRangeError naming the option; the signal's reason
 */
export function readMapOptions(options: ExecutorMapOptions): MapSettings {
  checkWaitOptions(options);
  const { chunksize = 1, buffersize, timeout, signal } = options;
  checkCount(chunksize, 'options.chunksize');
  checkCount(buffersize, 'options.buffersize');
  return { chunksize, buffersize: buffersize ?? Number.POSITIVE_INFINITY, timeout, signal };
}

/** Checked options of `map`. */
export interface MapSettings extends WaitOptions {
  readonly chunksize: number;
  readonly buffersize: number;
}

function checkCount(value: unknown, argument: string): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'a number', value);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ArgumentRangeError(argument, 'an integer from 1', value);
  }
}

function readContext(context: Context | undefined): StartMethod | undefined {
  if (context === undefined) return undefined;
  if (typeof context?.getStartMethod !== 'function') {
    throw new ArgumentTypeError('options.mpContext', 'what getContext() gives', context);
  }
  return context.getStartMethod();
}
