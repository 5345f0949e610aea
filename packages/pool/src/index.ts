/**
 * `Pool` and what belongs to it from Python's `multiprocessing`: tasks fanned out over processes
 * or threads.
 *
 * @packageDocumentation
 */
export { registerClass } from '@multiproc/core';
export { AsyncResult } from './async-result.js';
export { BoundMethod, methodOf } from './bound-method.js';
export { type CurrentTask, currentTask } from './current-task.js';
export {
  MaybeEncodingError,
  PoolBrokenError,
  PoolBudgetError,
  PoolQueueFullError,
  PoolStateError,
  PoolTerminatedError,
  TaskCancelledError,
  type WorkerDeath,
  WorkerDiedError,
} from './errors.js';
export type { HistogramSummary } from './histogram.js';
export { ImapIterator } from './imap-iterator.js';
export { Pool, type PoolStats } from './pool.js';
export { type Items, PoolCalls } from './pool-calls.js';
export type { PoolOptions, WorkerRange } from './pool-options.js';
export { type Submission, submit } from './submission.js';
export type { AsyncOptions, ImapOptions, MapOptions, TaskOptions } from './task-options.js';
export type { CallableObject, TaskTarget } from './task-target.js';
export { ThreadPool } from './thread-pool.js';
