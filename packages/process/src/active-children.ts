import type { Process } from './process.js';
import { stateOf } from './process-state.js';

/** How long daemons are given to end when their parent does, in milliseconds. */
const FAREWELL = 1000;

/** What this thread has started and not seen end; kept alive as long as it runs, as in Python. */
const active = new Set<Process>();
let isWatchingExit = false;

/** Lists a process that has been started. */
export function addActive(process: Process): void {
  active.add(process);
  if (stateOf(process).facts.daemon) endDaemonsAtExit();
}

/** Takes a process that has ended off the list. */
export function removeActive(process: Process): void {
  active.delete(process);
}

/**
 * The processes that this thread has started and that still run.
 *
 * Python counterpart: `multiprocessing.active_children`; there the list is that of all threads of
 * the process.
 *
 * @returns a new array, the oldest first
 *
 * @example
 * ```ts
 * import { activeChildren } from '@multiproc/process';
 *
 * console.log(activeChildren()); // → []
 * ```
 */
export function activeChildren(): Process[] {
  return [...active].filter((process) => process.isAlive());
}

/**
 * A daemon gets SIGTERM when its parent ends normally, and SIGKILL when it has not gone after that.
 * When the parent has no time for this, the liveness pipe kills its daemons.
 */
function endDaemonsAtExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  // First of all listeners: afterwards this agent is no member of the family any more.
  process.prependOnceListener('exit', () => {
    const daemons = activeChildren().filter(({ daemon }) => daemon);
    const end = performance.now() + FAREWELL;
    for (const daemon of daemons) daemon.terminate({ grace: FAREWELL });
    for (const daemon of daemons) {
      const isGone = daemon.joinSync({ timeout: end - performance.now() });
      if (!isGone) daemon.kill();
    }
  });
}
