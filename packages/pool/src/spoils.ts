import { STATE } from './lane-layout.js';
import type { PoolWorker } from './pool-worker.js';
import type { Task } from './task.js';

/** Work that is not worth taking from another worker, in microseconds. */
const TRIFLE = 200;

/** A task that has run for so long says nothing good about those behind it, in microseconds. */
const LONG = 1000;

/**
 * Takes tasks back that wait behind others, when a worker has nothing to do.
 *
 * @param workers - of one pool
 * @param thorough - whether trifles count too
 * @returns the tasks, the oldest first; to be handed to the idle
 */
export function spoils(workers: ReadonlySet<PoolWorker>, thorough: boolean): Task[] {
  let idle = 0;
  let busiest: PoolWorker | undefined;
  for (const worker of workers) {
    if (worker.load === 0 && worker.isOpen) idle++;
    else if (worker.load > (busiest?.load ?? 1)) busiest = worker;
  }
  if (idle === 0 || !busiest) return [];
  const queued = busiest.queued().filter(isFree);
  if (queued.length === 0 || !(thorough || isWorthwhile(busiest, queued))) return [];
  const share = Math.max(1, queued.length >> 1);
  const victim = busiest;
  return queued
    .slice(0, share)
    .filter((task) => victim.recall(task))
    .reverse();
}

function isFree({ traits }: Task): boolean {
  return traits.worker === undefined && traits.affinity === undefined;
}

function isWorthwhile(worker: PoolWorker, queued: readonly Task[]): boolean {
  const average = queued[0]?.fn.average ?? 0;
  if (average * queued.length >= TRIFLE) return true;
  return worker.tasks.some(
    (task) =>
      task !== undefined &&
      worker.owner.stateOf(task.slot) === STATE.RUNNING &&
      worker.owner.runningFor(task.slot) >= LONG,
  );
}
