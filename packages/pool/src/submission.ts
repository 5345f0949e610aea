import { CANCEL, KIND, STATE } from './lane-layout.js';
import { ARGUMENTS, launch } from './launch.js';
import type { Pool } from './pool.js';
import { schedulerOf } from './pool-internals.js';
import { checkTaskOptions, type TaskOptions } from './task-options.js';

/** A task that was given to a pool by {@link submit}. */
export interface Submission<Result> {
  /** Settles exactly once. */
  readonly promise: Promise<Result>;
  /** Where the task is. */
  readonly state: 'pending' | 'running' | 'done';
  /**
   * Takes the task back if it has not been begun; the promise rejects with the reason then.
   *
   * @returns `false` when it has been begun, or is done
   */
  cancel(reason: unknown): boolean;
  /** Gives the task up wherever it is, as its signal would; the promise rejects with the reason. */
  abort(reason: unknown): void;
}

/**
 * Gives a pool a task, as `apply` does, and keeps hold of it. For packages of multiproc that build on pools.
 *
 * @param pool - the pool
 * @param fn - see `TaskTarget`
 * @param args - its arguments
 * @param options - see `TaskOptions`
 * @param isChunk - whether `args` is a list of argument lists: they run one after the other in one worker, and
 * the promise is of the list of results
 * @throws what `apply` rejects with at once
 */
export function submit<Result>(
  pool: Pool,
  fn: unknown,
  args: readonly unknown[],
  options?: TaskOptions,
  isChunk = false,
): Submission<Result> {
  if (options) checkTaskOptions(options);
  const scheduler = schedulerOf(pool);
  let sink = { resolve: (_value: unknown) => {}, reject: (_error: unknown) => {} };
  const promise = new Promise<Result>((resolve, reject) => {
    sink = { resolve: resolve as (value: unknown) => void, reject };
  });
  const list = options?.kwargs ? [...args, options.kwargs] : args;
  const kind = isChunk ? KIND.STARMAP : KIND.CALL;
  const request = { target: fn, kind, list, path: ARGUMENTS, sink, options };
  const task = launch(scheduler, request);
  return {
    promise,
    get state() {
      if (task.isSettled) return 'done';
      const { worker, slot } = task;
      return worker && worker.owner.stateOf(slot) !== STATE.QUEUED ? 'running' : 'pending';
    },
    cancel: (reason) => scheduler.cancel(task, reason),
    abort: (reason) => scheduler.abandon(task, reason, CANCEL.ABORTED),
  };
}
