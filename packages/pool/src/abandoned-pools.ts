import type { Scheduler } from './scheduler.js';

/** Ends the workers of pools that were forgotten, and says so. Python counterpart: `ResourceWarning`. */
export const abandonedPools = new FinalizationRegistry<Scheduler>((scheduler) => {
  if (scheduler.state === 'terminated') return;
  const workers = scheduler.crew.workers.size;
  scheduler.terminate();
  process.emitWarning(
    `a pool with ${workers} workers was collected while it was running: call close() and join(), or terminate()`,
    { code: 'MULTIPROC_POOL_ABANDONED' },
  );
});
