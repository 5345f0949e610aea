/**
 * Executors and futures of Python's `concurrent.futures`, over processes or threads.
 *
 * @packageDocumentation
 */
export { asCompleted, type CompletedFuture, CompletedIterator } from './as-completed.js';
export {
  BrokenExecutorError,
  BrokenProcessPoolError,
  BrokenThreadPoolError,
  CancelledError,
  ExecutorShutdownError,
  InvalidStateError,
} from './errors.js';
export { Executor, type Inputs, type ShutdownOptions } from './executor.js';
export type {
  ExecutorMapOptions,
  ExecutorOptions,
  ProcessPoolExecutorOptions,
} from './executor-options.js';
export { Future } from './future.js';
export { MapIterator } from './map-iterator.js';
export { ProcessPoolExecutor } from './process-pool-executor.js';
export { ThreadPoolExecutor } from './thread-pool-executor.js';
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type FutureWaitOptions,
  type ReturnWhen,
  type WaitResult,
  wait,
} from './wait.js';
