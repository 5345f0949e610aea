import { ownSelf } from './own-self.js';
import type { Process } from './process.js';
import { childOf } from './process-state.js';

let importing = 0;

/**
 * Calls back when a started process has ended and its exit code is known. For packages of
 * multiproc that keep processes: unlike `join`, it does not keep the event loop alive.
 *
 * @param process - started by this thread
 * @param listener - called once, from the event loop
 */
export function onExit(process: Process, listener: () => void): void {
  childOf(process, 'onExit').onExit(listener);
}

/** Lets this process start daemons although it is one. For the workers of a pool. */
export function allowChildren(): void {
  ownSelf().mayHaveChildren = true;
}

/**
 * Imports modules of the user in a process that has been started, and refuses meanwhile to start
 * others: a module that starts processes at its top level would do so in each of them, for ever.
 *
 * @param action - imports
 * @returns what the action returns
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
