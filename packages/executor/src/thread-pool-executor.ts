import { checkOptions } from '@multiproc/core';
import { BrokenThreadPoolError } from './errors.js';
import { Executor } from './executor.js';
import type { ExecutorOptions } from './executor-options.js';

/**
 * Calls functions in threads of this process: they start faster and need less memory than processes, and a
 * crash of native code in one ends all.
 *
 * Python counterpart: `concurrent.futures.ThreadPoolExecutor`; `InterpreterPoolExecutor` is nearer, for here,
 * too, threads run at the same time and share no objects. So there are no more of them than processors, unless
 * `maxWorkers` says so.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from '@multiproc/executor';
 *
 * const executor = new ThreadPoolExecutor({ maxWorkers: 1 });
 * const module = 'data:text/javascript,export const twice = (x) => x * 2';
 * console.log(await executor.submit({ module, name: 'twice' }, 21)); // → 42
 * await executor.shutdown();
 * ```
 */
export class ThreadPoolExecutor extends Executor {
  /**
   * Starts nothing yet.
   *
   * @param options - see {@link ExecutorOptions}
   * @throws as the constructor of `ProcessPoolExecutor`
   */
  constructor(options: ExecutorOptions = {}) {
    checkOptions(options);
    super({ ...options, startMethod: 'thread' }, BrokenThreadPoolError);
  }
}
