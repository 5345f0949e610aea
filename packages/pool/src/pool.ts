import { ArgumentTypeError, checkWaitOptions, type WaitOptions } from '@multiproc/core';
import type { Process } from '@multiproc/process';
import { abandonedPools } from './abandoned-pools.js';
import { PoolStateError } from './errors.js';
import type { HistogramSummary } from './histogram.js';
import { KIND } from './lane-layout.js';
import { ARGUMENTS, launch } from './launch.js';
import { PoolCalls } from './pool-calls.js';
import { setScheduler } from './pool-internals.js';
import { PoolNews } from './pool-news.js';
import { type PoolOptions, readPoolOptions, readSize, type WorkerRange } from './pool-options.js';
import { SPARE } from './pool-worker.js';
import { Scheduler } from './scheduler.js';
import type { TaskSink } from './task.js';
import { checkTaskOptions, type TaskOptions } from './task-options.js';
import type { TaskTarget } from './task-target.js';

/** What a pool is doing, by {@link Pool.stats}. */
export interface PoolStats {
  /** Workers that are up, with those that are ending. */
  readonly workers: number;
  /** Workers that are coming up. */
  readonly starting: number;
  /** Workers that have a task. */
  readonly busy: number;
  /** Workers that have none. */
  readonly idle: number;
  /** Workers that are kept for when another goes. */
  readonly spares: number;
  /** Tasks that have not been begun: they wait in this thread, or behind others in a worker. */
  readonly pending: number;
  /** Tasks that a worker has begun, or begins at once, and that have not ended. */
  readonly active: number;
  /** Tasks that have ended with a result. */
  readonly completed: number;
  /** Tasks that have ended with an error. */
  readonly failed: number;
  /** From the call to the start of the task, in milliseconds. */
  readonly waitTime: HistogramSummary;
  /** From the start of a task to its end, in milliseconds. */
  readonly runTime: HistogramSummary;
}

/**
 * Workers, processes or threads, that run tasks.
 *
 * Tasks are begun by priority, then in the order of the calls; each worker is given a few ahead, by how long
 * tasks take. No call blocks the thread. A pool that has nothing to do does not keep the program alive, and
 * its workers end with the program, however that ends.
 *
 * A worker that dies costs the tasks that it was running, which reject with `WorkerDiedError`, and no others; it
 * is replaced. Events: `workerCreate`, `workerDestroy`, `taskError` (a task has ended with an error, also one that
 * nobody hears of otherwise: of a further chunk of a `map`, say), `drain` (no task waits any more), `needsDrain`
 * (as many wait as `maxQueue` allows), `error` (a callback has thrown), `close`. The same are published as
 * `{ pool, detail }` on the diagnostics channels `multiproc.pool.workerCreate` and so on.
 *
 * `await using pool = new Pool()` closes and joins it at the end of the block: tasks that are under way are
 * finished. {@link Pool.with} also terminates it when the block throws.
 *
 * Python counterpart: `multiprocessing.Pool`. There `with` terminates, and a task whose worker died never ends.
 *
 * @example
 * ```ts
 * import { isMainProcess } from '@multiproc/process';
 * import { Pool } from '@multiproc/pool';
 *
 * export function square(x: number): number {
 *   return x * x;
 * }
 *
 * if (isMainProcess()) {
 *   await Pool.with({ processes: 2 }, async (pool) => {
 *     console.log(await pool.map(square, [1, 2, 3])); // → [ 1, 4, 9 ]
 *   });
 * }
 * ```
 */
export class Pool extends PoolCalls {
  /** @internal */
  protected readonly scheduler: Scheduler;
  readonly #news: PoolNews;

  /**
   * Starts the workers, and returns while they come up.
   *
   * @param options - see {@link PoolOptions}
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   * naming the option; NotExportedError, EncodeError for the initializer; PoolBudgetError
   * (`ERR_POOL_BUDGET`) for too many pools in pools; what `Process.start` throws
   */
  constructor(options: PoolOptions = {}) {
    super();
    const settings = readPoolOptions(options);
    this.#news = new PoolNews(new WeakRef(this));
    this.scheduler = new Scheduler(settings, this.#news);
    this.#news.attach(this.scheduler);
    setScheduler(this, this.scheduler);
    abandonedPools.register(this, this.scheduler, this.scheduler);
  }

  /**
   * Runs a block with a pool: afterwards closes and joins it, or terminates it when the block has thrown.
   *
   * Python counterpart: `with Pool() as pool`, which terminates in both cases.
   *
   * @param options - see {@link PoolOptions}
   * @param block - gets the pool
   * @returns what the block returns
   */
  static async with<Result>(
    options: PoolOptions,
    block: (pool: Pool) => Result,
  ): Promise<Awaited<Result>> {
    // `this`: a subclass makes its own kind.
    const pool = new this(options);
    try {
      const result = await block(pool);
      pool.close();
      return result;
    } catch (error) {
      pool.terminate();
      throw error;
    } finally {
      await pool.join();
    }
  }

  /**
   * Calls a function once in every worker that is there, also in busy ones: each in its turn.
   *
   * Python counterpart: none.
   *
   * @param fn - see {@link TaskTarget}
   * @param args - its arguments
   * @param options - see {@link TaskOptions}
   * @returns the results, one for each worker
   * @throws as `apply`; the first error, when all have ended
   */
  async broadcast<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    args: Readonly<Args> = [] as unknown as Args,
    options?: TaskOptions,
  ): Promise<Awaited<Result>[]> {
    if (options) checkTaskOptions(options);
    if (!Array.isArray(args)) throw new ArgumentTypeError('args', 'an array', args);
    this.scheduler.checkOpen();
    const list = options?.kwargs ? [...args, options.kwargs] : args;
    const staff = [...this.scheduler.crew.workers].filter(
      ({ state, seat }) => seat !== SPARE && (state === 'ready' || state === 'starting'),
    );
    const calls = staff.map(
      (worker) =>
        new Promise<Awaited<Result>>((resolve, reject) => {
          const sink = { resolve: resolve as TaskSink['resolve'], reject };
          const request = {
            target: fn,
            kind: KIND.CALL,
            list,
            path: ARGUMENTS,
            sink,
            options,
            worker,
          };
          launch(this.scheduler, request);
        }),
    );
    await Promise.allSettled(calls);
    return Promise.all(calls);
  }

  /** No more tasks. The workers end when all have been done. */
  close(): void {
    this.#news.isClosing = true;
    this.scheduler.close();
  }

  /**
   * Ends the workers now. Whatever has not ended rejects with PoolTerminatedError (`ERR_POOL_TERMINATED`).
   */
  terminate(): void {
    this.#news.isClosing = true;
    this.scheduler.terminate();
  }

  /**
   * Waits until all workers have ended.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, or `false` after the time-out
   * @throws {@link PoolStateError} (`ERR_POOL_STATE`) before `close()` or `terminate()`; the signal's reason
   */
  async join(options: WaitOptions = {}): Promise<boolean> {
    checkWaitOptions(options);
    if (this.scheduler.state === 'open') {
      throw new PoolStateError(
        'the pool is still running: close() or terminate() it before join()',
      );
    }
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    const end = performance.now() + timeout;
    for (const worker of this.scheduler.crew.workers) {
      const left = end - performance.now();
      const limits = left === Number.POSITIVE_INFINITY ? {} : { timeout: left };
      if (!(await worker.process.join(signal ? { ...limits, signal } : limits))) return false;
      await worker.gone;
    }
    // What a worker that died has left is done by another, which came later.
    if (this.scheduler.crew.workers.size > 0) {
      return this.join(
        timeout === Number.POSITIVE_INFINITY
          ? options
          : { ...options, timeout: end - performance.now() },
      );
    }
    this.#news.finish();
    abandonedPools.unregister(this.scheduler);
    return true;
  }

  /**
   * Waits until a task can be added without exceeding `maxQueue`.
   *
   * @throws PoolStateError (`ERR_POOL_STATE`), PoolBrokenError (`ERR_POOL_BROKEN`)
   */
  async ready(): Promise<void> {
    await this.scheduler.room();
  }

  /**
   * Changes the number of workers. Those that are too many end after the tasks that they have begun.
   *
   * @param processes - a number, or the least and the greatest one
   * @throws ArgumentTypeError, ArgumentRangeError, PoolStateError
   */
  resize(processes: number | WorkerRange): void {
    const { min, max } = readSize(processes);
    this.scheduler.checkOpen();
    const { settings } = this.scheduler.crew;
    settings.min = min;
    settings.max = max;
    this.scheduler.resize();
    this.#news.watchIdle();
  }

  /** What the pool is doing. */
  stats(): PoolStats {
    const { crew, backlog, completed, failed, waitTimes, runTimes } = this.scheduler;
    const waiting = backlog.size;
    const all = [...crew.workers];
    const staff = all.filter(({ seat }) => seat !== SPARE);
    const up = staff.filter(({ state }) => state !== 'starting');
    return {
      workers: up.length,
      starting: staff.length - up.length,
      busy: up.filter(({ load }) => load > 0).length,
      idle: up.filter(({ load }) => load === 0).length,
      spares: all.length - staff.length,
      pending: waiting,
      active: this.scheduler.outstanding - waiting,
      completed,
      failed,
      waitTime: waitTimes.summary(),
      runTime: runTimes.summary(),
    };
  }

  /** The processes of the workers. A worker that is ended by its process counts as one that died. */
  get processes(): Process[] {
    return [...this.scheduler.crew.workers].map((worker) => worker.process);
  }

  /** How many tasks have not been begun. */
  get queueSize(): number {
    return this.scheduler.backlog.size;
  }

  /** How many tasks have ended. */
  get completed(): number {
    return this.scheduler.completed + this.scheduler.failed;
  }

  /** Finishes what is under way, and ends the workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.join();
  }

  /** @internal */
  protected override report(error: unknown): void {
    this.#news.failed(error);
  }
}
