import { BrokenProcessPoolError } from './errors.js';
import { Executor } from './executor.js';
import type { ProcessPoolExecutorOptions } from './executor-options.js';

/**
 * Calls functions in processes.
 *
 * A worker that dies costs the call that it was running, which rejects with `WorkerDiedError`, and no other;
 * `{ strict: true }` is as in Python, where it breaks the executor.
 *
 * Python counterpart: `concurrent.futures.ProcessPoolExecutor`. There calls that wait in the queue of the
 * workers cannot be cancelled.
 *
 * @example
 * ```ts
 * import { isMainProcess } from '@multiproc/process';
 * import { ProcessPoolExecutor } from '@multiproc/executor';
 *
 * export function square(x: number): number {
 *   return x * x;
 * }
 *
 * if (isMainProcess()) {
 *   const executor = new ProcessPoolExecutor({ maxWorkers: 2 });
 *   const future = executor.submit(square, 7);
 *   console.log(await future.result()); // → 49
 *   for await (const result of executor.map(square, [1, 2])) console.log(result);
 *   // → 1
 *   // → 4
 *   await executor.shutdown();
 * }
 * ```
 */
export class ProcessPoolExecutor extends Executor {
  /**
   * Starts nothing yet.
   *
   * @param options - see {@link ProcessPoolExecutorOptions}
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`) naming the option;
   * NotExportedError, EncodeError for the initializer; `PoolBudgetError` for too many workers in workers
   */
  constructor(options: ProcessPoolExecutorOptions = {}) {
    super(options, BrokenProcessPoolError);
  }
}
