import { AsyncResource } from 'node:async_hooks';
import { type Encoded, encode, TimeoutError } from '@multiproc/core';
import { CALLABLE, CANCEL, STATE } from './lane-layout.js';
import type { PoolWorker } from './pool-worker.js';
import type { Scheduler } from './scheduler.js';
import { PLAIN, Task, type TaskSink, type TaskTraits } from './task.js';
import type { TaskOptions } from './task-options.js';

/** How long a task with a time-out may have been running unnoticed, in milliseconds. */
const NOTICE = 20;

/** Longest delay of a Node timer; longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One task, before it is one. */
export interface Launch {
  /** What the caller passed as a task. */
  readonly target: unknown;
  /** See KIND. */
  readonly kind: number;
  /** Arguments, or elements of a chunk. */
  readonly list: readonly unknown[];
  /** What messages call the list. */
  readonly path: { readonly path: string };
  readonly sink: TaskSink;
  /** Checked. */
  readonly options: TaskOptions | undefined;
  /** The only worker that may run it. */
  readonly worker?: PoolWorker;
}

/** What messages call the arguments of a task. */
export const ARGUMENTS = { path: 'args' };

/**
 * Makes a task and gives it to the scheduler.
 *
 * @returns the task
 * @throws NotExportedError, EncodeError, ArgumentTypeError, ArgumentRangeError; the signal's reason;
 * what `Scheduler.submit` throws
 */
export function launch(scheduler: Scheduler, request: Launch): Task {
  const { target, kind, list, path, sink, options, worker } = request;
  options?.signal?.throwIfAborted();
  const fn = scheduler.functions.get(target);
  const value = fn.number === CALLABLE ? [target, list] : list;
  const encoded: Encoded = encode(value, path);
  const retries = options?.retries ?? scheduler.crew.settings.retries;
  const isPlain = !options && !worker && retries === 0;
  const task = new Task(fn, kind, sink, isPlain ? PLAIN : traitsOf(options, retries, worker));
  scheduler.submit(task, encoded, value);
  if (options) {
    const { timeout, signal, transfer } = options;
    if (timeout !== undefined || signal) limit(scheduler, task, timeout, signal);
    if (transfer) for (const buffer of transfer) structuredClone(buffer, { transfer: [buffer] });
  }
  return task;
}

/** Progress arrives in whatever context the pool is looking after its workers; it is told in the caller's. */
function inContext(onProgress: (value: unknown) => void): TaskTraits['onProgress'] {
  return AsyncResource.bind(onProgress, 'multiproc.progress');
}

function traitsOf(
  options: TaskOptions | undefined,
  retries: number,
  worker: PoolWorker | undefined,
): TaskTraits {
  return {
    priority: options?.priority ?? 0,
    affinity: options?.affinity,
    retries,
    onProgress: options?.onProgress && inContext(options.onProgress as (value: unknown) => void),
    worker,
  };
}

/** Gives the task up at the time-out or when the signal is aborted. */
function limit(
  scheduler: Scheduler,
  task: Task,
  timeout = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
): void {
  if (task.isSettled) return;
  const onAbort = () => scheduler.abandon(task, signal?.reason, CANCEL.ABORTED);
  signal?.addEventListener('abort', onAbort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const left = timeout - runTime(task);
    if (left > 0) {
      // A task that has not begun is looked at often, for its time-out counts from its start.
      const delay = runTime(task) > 0 ? left : Math.min(timeout, NOTICE);
      timer = setTimeout(look, Math.min(Math.ceil(delay), LONGEST_TIMER));
      timer.unref();
    } else {
      const message = `${task.fn.label} has run longer than its timeout of ${timeout} ms allows`;
      scheduler.abandon(task, new TimeoutError(message), CANCEL.TIMED_OUT);
    }
  };
  if (timeout !== Number.POSITIVE_INFINITY) look();
  task.onSettled = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
}

/** How long a task has run, in milliseconds; 0 while it has not begun. */
function runTime({ worker, slot }: Task): number {
  if (!worker || worker.owner.stateOf(slot) === STATE.QUEUED) return 0;
  return Math.max(worker.owner.runningFor(slot) / 1000, Number.MIN_VALUE);
}
