import { ownSelf } from './own-self.js';
import { Process } from './process.js';
import { revive } from './revive.js';

/**
 * The object that stands for the process which runs this code. In a child it has the name and the
 * other facts that the parent gave it, and for a subclass it is the instance whose `run` runs. In
 * the root it is called `MainProcess`. Threads that the program makes by itself have that of their
 * process.
 *
 * Python counterpart: `multiprocessing.current_process`.
 *
 * @returns the same object each time
 *
 * @example
 * ```ts
 * import { currentProcess } from '@multiproc/process';
 *
 * console.log(currentProcess().name); // → MainProcess
 * ```
 */
export function currentProcess(): Process {
  const self = ownSelf();
  return (self.process as Process | undefined) ?? revive(Process.prototype, {}, undefined);
}
