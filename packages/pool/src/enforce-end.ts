import type { PoolWorker } from './pool-worker.js';
import type { Task } from './task.js';

/** How often the end of a worker is put off because of other tasks in it. */
const MAX_DELAYS = 10;

/**
 * Ends a worker whose task was asked to stop and has not done so in time. Others that run in the same worker
 * are not to be harmed, unless this one holds them up anyway.
 *
 * @param worker - who runs it
 * @param task - was settled already
 * @param grace - how many milliseconds it is given
 */
export function enforceEnd(worker: PoolWorker, { slot, ticket }: Task, grace: number): void {
  const look = (delays: number) => {
    const timer = setTimeout(() => {
      if (worker.state === 'gone' || worker.tasks[slot]?.ticket !== ticket) return;
      const hasOthers = worker.tasks.some((other) => other && !other.isSettled);
      const isHeldUp = worker.owner.holder === slot || delays >= MAX_DELAYS;
      if (hasOthers && !isHeldUp) look(delays + 1);
      else worker.kill();
    }, grace);
    timer.unref();
  };
  look(0);
}
