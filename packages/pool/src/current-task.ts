/** What a task knows about itself. See {@link currentTask}. */
export interface CurrentTask {
  /** Whether there is a task: `false` where the same function is called without a pool. */
  readonly isTask: boolean;
  /**
   * Aborted when the task is to stop: its `signal` was aborted, or its `timeout` is over. Reading
   * `aborted` looks anew, also in a task that never lets its event loop turn.
   */
  readonly signal: AbortSignal;
  /**
   * Sends a value to the `onProgress` of the call. All of them arrive, in order, before the result.
   *
   * @param value - anything that can travel
   * @throws EncodeError (`ERR_ENCODE`) with the path of what cannot travel
   */
  progress(value: unknown): void;
}

const KEY = Symbol.for('multiproc.pool.task');

type Holder = Record<symbol, (() => CurrentTask | undefined) | undefined>;

const NO_TASK: CurrentTask = Object.freeze({
  isTask: false,
  signal: new AbortController().signal,
  progress() {},
});

/** Says how the calling thread, which is a worker, finds its task. */
export function provideTask(find: () => CurrentTask | undefined): void {
  (process as unknown as Holder)[KEY] = find;
}

/**
 * The task that runs this code: by it a task hears that it is to stop, and tells how far it is. Outside of
 * a pool's worker its signal is never aborted and `progress` does nothing, so a function that uses it can
 * be called directly as well. With `tasksPerWorker` 1, it is the task to which the worker is assigned.
 *
 * Python counterpart: none.
 *
 * @returns the task
 *
 * @example
 * ```ts
 * import { currentTask } from '@multiproc/pool';
 *
 * export function count(to: number): number {
 *   const { signal, progress } = currentTask();
 *   let n = 0;
 *   while (n < to && !signal.aborted) progress(++n);
 *   return n;
 * }
 * console.log(count(3)); // → 3
 * ```
 */
export function currentTask(): CurrentTask {
  return (process as unknown as Holder)[KEY]?.() ?? NO_TASK;
}
