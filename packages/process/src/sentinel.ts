import type { WaitOptions } from '@multiproc/core';
import type { Child } from './child.js';

/**
 * Becomes ready when a process ends, and stays so. Made by `process.sentinel`.
 *
 * Python counterpart: the integer `Process.sentinel` for `multiprocessing.connection.wait`.
 *
 * @example
 * ```ts
 * import { Process } from '@multiproc/process';
 *
 * const process = new Process();
 * process.start();
 * await process.sentinel.wait();
 * console.log(process.sentinel.ready); // → true
 * ```
 */
export class Sentinel {
  readonly #child: Child;

  /** @internal */
  constructor(child: Child) {
    this.#child = child;
  }

  /** Whether the process has ended. */
  get ready(): boolean {
    return !this.#child.isAlive;
  }

  /**
   * Waits for the end of the process without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, or `false` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options; the signal's reason
   */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    return this.#child.join(options);
  }

  /**
   * Waits for the end of the process and blocks the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true`, or `false` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  waitSync(options: WaitOptions = {}): boolean {
    return this.#child.joinSync(options);
  }
}
