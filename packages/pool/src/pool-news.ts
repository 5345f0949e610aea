import { type Channel, channel } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import type { PoolWorker } from './pool-worker.js';
import type { Scheduler } from './scheduler.js';
import type { SchedulerListener } from './scheduler-listener.js';

/** Events of a pool. */
type Event =
  | 'workerCreate'
  | 'workerDestroy'
  | 'taskError'
  | 'drain'
  | 'needsDrain'
  | 'error'
  | 'close';

const channels: Record<Event, Channel> = {
  workerCreate: channel('multiproc.pool.workerCreate'),
  workerDestroy: channel('multiproc.pool.workerDestroy'),
  taskError: channel('multiproc.pool.taskError'),
  drain: channel('multiproc.pool.drain'),
  needsDrain: channel('multiproc.pool.needsDrain'),
  error: channel('multiproc.pool.error'),
  close: channel('multiproc.pool.close'),
};

/**
 * Tells what happens in a pool: by events, and on diagnostics channels. It does not keep the pool alive, so
 * that one that was forgotten is noticed.
 */
export class PoolNews implements SchedulerListener {
  /** Whether the pool has been asked to end: deaths are no news then. */
  isClosing = false;
  readonly #pool: WeakRef<EventEmitter>;
  #scheduler: Scheduler | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #isFinished = false;

  /** @param pool - the pool */
  constructor(pool: WeakRef<EventEmitter>) {
    this.#pool = pool;
  }

  /** Begins to look for workers that have had nothing to do for long. */
  attach(scheduler: Scheduler): void {
    this.#scheduler = scheduler;
    this.watchIdle();
  }

  /** Looks for idle workers while there can be any to spare. */
  watchIdle(): void {
    const scheduler = this.#scheduler as Scheduler;
    const { min, max, idleTimeout } = scheduler.crew.settings;
    clearInterval(this.#idleTimer);
    if (min === max || idleTimeout > 2 ** 30) return;
    this.#idleTimer = setInterval(() => scheduler.shrink(), Math.max(10, idleTimeout / 2));
    this.#idleTimer.unref();
  }

  /** All workers have ended. */
  finish(): void {
    clearInterval(this.#idleTimer);
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#tell('close', undefined);
  }

  created(worker: PoolWorker): void {
    this.#tell('workerCreate', factsOf(worker));
  }

  ended(worker: PoolWorker, error: Error | undefined): void {
    this.#tell('workerDestroy', { ...factsOf(worker), exitCode: worker.process.exitCode, error });
  }

  taskFailed(task: string, error: unknown): void {
    this.#tell('taskError', { task, error });
  }

  drained(): void {
    this.#tell('drain', undefined);
  }

  filled(): void {
    this.#tell('needsDrain', undefined);
  }

  failed(error: unknown): void {
    const isHeard = this.#pool.deref()?.listenerCount('error');
    this.#tell('error', error);
    if (isHeard) return;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`a callback of a pool's task has thrown: ${shown}`, {
      code: 'MULTIPROC_POOL_CALLBACK',
    });
  }

  #tell(event: Event, detail: unknown): void {
    const pool = this.#pool.deref();
    if (channels[event].hasSubscribers) channels[event].publish({ pool, detail });
    if (!pool?.listenerCount(event)) return;
    try {
      pool.emit(event, detail);
    } catch (error) {
      // A listener of the user must not come between the tasks of others.
      if (event !== 'error') this.failed(error);
      else
        queueMicrotask(() => {
          throw error;
        });
    }
  }
}

function factsOf(worker: PoolWorker): { name: string; pid: number } {
  return { name: worker.name, pid: worker.pid };
}
