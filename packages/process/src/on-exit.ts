import type { ProcessStateError } from './errors.js';
import type { Process } from './process.js';
import { childOf } from './process-state.js';

/**
 * Calls back when a process has ended and its exit code is known. For code that keeps processes:
 * unlike `join`, it keeps no event loop alive, waits for nothing, and cannot be cancelled.
 *
 * Python counterpart: none; a thread that waits for `Process.sentinel`.
 *
 * @param process - started by this thread
 * @param listener - called once, from the event loop, never from within this call; also when the
 * process has ended already
 * @throws {@link ProcessStateError} (`ERR_PROCESS_STATE`) before the start, after `close()`, and for
 * the current process
 *
 * @example
 * ```ts
 * import { onExit, Process } from '@multiproc/process';
 *
 * const process = new Process();
 * process.start();
 * onExit(process, () => console.log(process.exitCode)); // prints: 0
 * await process.join();
 * ```
 */
export function onExit(process: Process, listener: () => void): void {
  childOf(process, 'onExit').onExit(listener);
}
