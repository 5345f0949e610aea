import type { PoolWorker } from './pool-worker.js';

/** What a scheduler tells its pool. */
export interface SchedulerListener {
  /** A worker has been started. */
  created(worker: PoolWorker): void;
  /** A worker has ended; with an error if it was not meant to. */
  ended(worker: PoolWorker, error: Error | undefined): void;
  /** A task has ended with an error. */
  taskFailed(task: string, error: unknown): void;
  /** No task waits any more. */
  drained(): void;
  /** As many tasks wait as may. */
  filled(): void;
  /** Code of the user has thrown where nobody catches it. */
  failed(error: unknown): void;
}

/**
 * | state | meaning | goes on to |
 * | --- | --- | --- |
 * | open | takes tasks | closed, terminated, broken |
 * | closed | finishes what it has | terminated, broken |
 * | broken | its workers do not start; rejects everything | terminated |
 * | terminated | has rejected everything | |
 */
export type SchedulerState = 'open' | 'closed' | 'broken' | 'terminated';
