import type { BootstrapError, ProcessStateError } from './errors.js';
import { ownSelf } from './own-self.js';
import type { Process } from './process.js';
import { childOf } from './process-state.js';

let importing = 0;

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

/**
 * Lets the calling process start daemons although it is one itself: they end with it, so nobody is
 * left behind. For the workers of a pool. In a process that is no daemon it changes nothing.
 *
 * Python counterpart: none; there a daemon cannot have children, and so cannot make a `Pool`.
 *
 * @example
 * ```ts
 * import { allowChildren, isMainProcess, Process } from '@multiproc/process';
 *
 * export function work() {
 *   allowChildren();
 *   new Process({ daemon: true }).start();
 * }
 *
 * if (isMainProcess()) {
 *   const process = new Process({ target: work, daemon: true });
 *   process.start();
 *   await process.join();
 *   console.log(process.exitCode); // → 0
 * }
 * ```
 */
export function allowChildren(): void {
  ownSelf().mayHaveChildren = true;
}

/**
 * Imports modules of the user in a process that has been started, and refuses meanwhile to start
 * others: a module that starts processes at its top level would do so in each of them, for ever.
 * Calls may overlap; the refusal ends with the last.
 *
 * Python counterpart: the check of the bootstrapping phase, which ends with the import of the main
 * module.
 *
 * @param action - imports; meanwhile `Process.start()` throws {@link BootstrapError}
 * (`ERR_BOOTSTRAP`)
 * @returns what the action returns
 * @throws what the action throws
 *
 * @example
 * ```ts
 * import { whileImporting } from '@multiproc/process';
 *
 * const { join } = await whileImporting(() => import('node:path'));
 * console.log(join('a', 'b')); // → a/b
 * ```
 */
export async function whileImporting<T>(action: () => Promise<T>): Promise<T> {
  importing++;
  ownSelf().isImporting = true;
  try {
    return await action();
  } finally {
    importing--;
    ownSelf().isImporting = importing > 0;
  }
}
