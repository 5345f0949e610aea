import { allowChildren } from '@multiproc/process/inside';
import { setNesting } from './nesting.js';
import { WorkerLoop } from './worker-loop.js';
import type { WorkerSetup } from './worker-setup.js';

// The start arguments name the modules of these two. A worker has to load them, and not the pool's side too.
export { Bell } from './bell.js';
export { Lane } from './lane.js';

/**
 * What each worker of a pool runs, from its start to its end.
 *
 * @param setup - from the pool
 */
export async function work(setup: WorkerSetup): Promise<void> {
  // Ctrl-C goes to every process of the terminal. What becomes of the pool is its owner's decision; the
  // workers end with it in any case.
  process.on('SIGINT', () => {});
  allowChildren();
  setNesting(setup.nesting);
  const isWell = await new WorkerLoop(setup).run();
  // Not by running out of work: what a task has left behind, such as a timer, must not keep the worker.
  process.exit(isWell ? 0 : 1);
}
