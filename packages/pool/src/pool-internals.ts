import type { Scheduler } from './scheduler.js';

const schedulers = new WeakMap<object, Scheduler>();

/** Lets this package's other modules reach the scheduler of a pool. */
export function setScheduler(pool: object, scheduler: Scheduler): void {
  schedulers.set(pool, scheduler);
}

/** The scheduler of a pool. */
export function schedulerOf(pool: object): Scheduler {
  return schedulers.get(pool) as Scheduler;
}
