import { MultiprocError } from '@multiproc/core';

/**
 * A process is not in the state that the call needs (`ERR_PROCESS_STATE`): started twice, joined
 * before it was started, used after `close()`, or asked of the wrong process. Python counterpart:
 * the `AssertionError` and `ValueError` of `multiprocessing.Process`.
 *
 * @example
 * ```ts
 * import { Process, ProcessStateError } from '@multiproc/process';
 *
 * try {
 *   new Process().joinSync();
 * } catch (error) {
 *   console.log(error instanceof ProcessStateError); // → true
 * }
 * ```
 */
export class ProcessStateError extends MultiprocError {
  /** @param message - what was asked, in which state, and what to do */
  constructor(message: string) {
    super('ERR_PROCESS_STATE', message);
  }
}

/**
 * A start method is unknown, cannot be had here, or has been chosen already (`ERR_START_METHOD`).
 * Python counterpart: the `ValueError` and `RuntimeError` of `set_start_method`.
 *
 * @example
 * ```ts
 * import { getContext, StartMethodError } from '@multiproc/process';
 *
 * try {
 *   getContext('fork' as 'spawn');
 * } catch (error) {
 *   console.log(error instanceof StartMethodError); // → true
 * }
 * ```
 */
export class StartMethodError extends MultiprocError {
  /** @param message - which method, and which there are */
  constructor(message: string) {
    super('ERR_START_METHOD', message);
  }
}

/**
 * A process was started by a module that a child is still importing (`ERR_BOOTSTRAP`): without
 * this refusal every child would start children for ever. Python counterpart: the `RuntimeError`
 * about the bootstrapping phase.
 *
 * @example
 * ```ts
 * import { isMainProcess, Process } from '@multiproc/process';
 *
 * export function work() {}
 *
 * // Without the condition, this module would start a process in each child that imports it.
 * if (isMainProcess()) new Process({ target: work }).start();
 * ```
 */
export class BootstrapError extends MultiprocError {
  /** @param message - what was started where, and how to guard it */
  constructor(message: string) {
    super('ERR_BOOTSTRAP', message);
  }
}

/**
 * The operating system or Node could not start a process or thread (`ERR_PROCESS_START`). Python
 * counterpart: `OSError` from `start()`.
 *
 * @example
 * ```ts
 * import { Process, ProcessStartError, setExecutable } from '@multiproc/process';
 *
 * setExecutable('/nowhere/node');
 * try {
 *   new Process({ startMethod: 'spawn' }).start();
 * } catch (error) {
 *   console.log(error instanceof ProcessStartError); // → true
 * }
 * ```
 */
export class ProcessStartError extends MultiprocError {
  /**
   * @param message - what could not be started, and why
   * @param options - `cause` is kept
   */
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_PROCESS_START', message, options);
  }
}
