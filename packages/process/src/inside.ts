/**
 * What the bootstrap of a package does inside a process that has been started, without the weight of what
 * starts processes.
 *
 * @packageDocumentation
 */
import type { BootstrapError } from './errors.js';
import { ownSelf } from './own-self.js';

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
  const self = ownSelf();
  self.importing++;
  try {
    return await action();
  } finally {
    self.importing--;
  }
}
