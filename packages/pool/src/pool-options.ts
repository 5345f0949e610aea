import type { ResourceLimits } from 'node:worker_threads';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  type Exportable,
  locateFunction,
  parseReference,
} from '@multiproc/core';
import type { StartMethod } from '@multiproc/process';
import { defaultWorkers } from './nesting.js';
import type { PoolSettings } from './pool-settings.js';
import { checkCount, checkNumber } from './task-options.js';
import type { TaskTarget } from './task-target.js';

/** A range of numbers of workers. */
export interface WorkerRange {
  /** Least number, from 0; 1 when left out. */
  min?: number | undefined;
  /** Greatest number, from 1; left out: the processors that this process may use. */
  max?: number | undefined;
}

/** Options of {@link Pool}. */
export interface PoolOptions {
  /**
   * How many workers there are, or the least and the greatest number. Left out or `null`: the
   * processors that this process may use; in a worker of another pool, its share of them.
   */
  processes?: number | WorkerRange | null | undefined;
  /** Called in each worker before its first task. */
  initializer?: TaskTarget<never[], unknown> | null | undefined;
  /** Arguments of the initializer. */
  initargs?: Iterable<unknown> | undefined;
  /** After so many tasks a worker is replaced by a new one. Left out or `null`: never. */
  maxtasksperchild?: number | null | undefined;
  /** `spawn`: processes, `thread`: threads. Left out: the default, see `getStartMethod`. */
  startMethod?: StartMethod | undefined;
  /** Workers beyond the least number end after so many milliseconds without a task; 10000 when left out. */
  idleTimeout?: number | undefined;
  /**
   * How many tasks may wait, beside those that run and those for which a worker is coming up: one more is
   * refused. With 0, a task is taken only when a worker is free for it. Left out: without limit.
   */
  maxQueue?: number | undefined;
  /** How many tasks a worker runs at once, which helps tasks that await something; 1 when left out. */
  tasksPerWorker?: number | undefined;
  /** A worker that uses more bytes of memory (a thread: of heap) is replaced after its task. */
  maxMemory?: number | undefined;
  /** How many started workers are kept for when another goes; 0 when left out. */
  spares?: number | undefined;
  /** How many milliseconds a cancelled task is given to stop before its worker is replaced; 1000 when left out. */
  grace?: number | undefined;
  /** How often a task is run again when its worker dies; 0 when left out. */
  retries?: number | undefined;
  /** Environment variables of the workers. Left out: those of this process. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Options of Node for the workers. Left out: those of this process. */
  execArgv?: readonly string[] | undefined;
  /** Limits of each worker's heap, as `new Worker()` takes them. */
  resourceLimits?: ResourceLimits | undefined;
}

const IDLE_TIMEOUT = 10_000;
const GRACE = 1000;

/**
 * Checks the options of a pool, before anything is made of them.
 *
 * @throws ArgumentTypeError, ArgumentRangeError naming the option; NotExportedError for the initializer
 */
export function readPoolOptions(options: PoolOptions): PoolSettings {
  checkOptions(options);
  const { env, execArgv, resourceLimits, startMethod } = options;
  return {
    ...readSize(options.processes),
    initializer: readInitializer(options.initializer),
    initargs: readList(options.initargs ?? []),
    quota: readQuota(options.maxtasksperchild),
    limit: count(options.tasksPerWorker, 'options.tasksPerWorker', 1, 1),
    startMethod,
    idleTimeout: milliseconds(options.idleTimeout, 'options.idleTimeout', IDLE_TIMEOUT),
    maxQueue: readMaxQueue(options.maxQueue),
    maxMemory: count(options.maxMemory, 'options.maxMemory', 1, 0),
    spares: count(options.spares, 'options.spares', 0, 0),
    grace: milliseconds(options.grace, 'options.grace', GRACE),
    retries: count(options.retries, 'options.retries', 0, 0),
    started: { env, execArgv, resourceLimits },
  };
}

/**
 * The least and the greatest number of workers.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function readSize(processes: PoolOptions['processes']): { min: number; max: number } {
  if (processes === undefined || processes === null) {
    const workers = defaultWorkers();
    return { min: workers, max: workers };
  }
  if (typeof processes === 'number') {
    checkCount(processes, 'options.processes', 1);
    return { min: processes, max: processes };
  }
  checkOptions(processes, 'options.processes');
  const { min = 1, max = Math.max(defaultWorkers(), min) } = processes;
  checkCount(min, 'options.processes.min', 0);
  checkCount(max, 'options.processes.max', 1);
  if (min > max) {
    throw new ArgumentRangeError('options.processes.min', `at most the max of ${max}`, min);
  }
  return { min, max };
}

function readInitializer(initializer: unknown): unknown {
  if (initializer === undefined || initializer === null) return undefined;
  if (typeof initializer === 'function') return locateFunction(initializer as Exportable);
  const reference = parseReference(initializer, 'options.initializer');
  if (reference) return reference;
  if (typeof (initializer as { run?: unknown }).run === 'function') return initializer;
  throw new ArgumentTypeError('options.initializer', 'a function', initializer);
}

function readQuota(maxtasksperchild: number | null | undefined): number {
  if (maxtasksperchild === undefined || maxtasksperchild === null) return Number.POSITIVE_INFINITY;
  // A RangeError also for the wrong type, as Python's ValueError.
  if (!Number.isSafeInteger(maxtasksperchild) || maxtasksperchild < 1) {
    throw new ArgumentRangeError('options.maxtasksperchild', 'an integer from 1', maxtasksperchild);
  }
  return maxtasksperchild;
}

function readMaxQueue(maxQueue = Number.POSITIVE_INFINITY): number {
  if (maxQueue !== Number.POSITIVE_INFINITY) checkCount(maxQueue, 'options.maxQueue', 0);
  return maxQueue;
}

function readList(initargs: unknown): readonly unknown[] {
  if (typeof initargs === 'object' && initargs !== null && Symbol.iterator in initargs) {
    return [...(initargs as Iterable<unknown>)];
  }
  throw new ArgumentTypeError('options.initargs', 'an array or another iterable', initargs);
}

function count(
  value: number | undefined,
  argument: string,
  least: number,
  fallback: number,
): number {
  if (value !== undefined) checkCount(value, argument, least);
  return value ?? fallback;
}

function milliseconds(value: number | undefined, argument: string, fallback: number): number {
  if (value !== undefined) checkNumber(value, argument, 'a number of milliseconds', 0);
  return value ?? fallback;
}
