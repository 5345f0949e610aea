import { ArgumentTypeError, checkOptions, isMultiprocError } from '@multiproc/core';
import { Pool, type Submission, submit, type TaskOptions, type TaskTarget } from '@multiproc/pool';
import { type BrokenExecutorError, ExecutorShutdownError } from './errors.js';
import {
  type ExecutorMapOptions,
  type ProcessPoolExecutorOptions,
  readExecutorOptions,
  readMapOptions,
} from './executor-options.js';
import { Future } from './future.js';
import { InputRows, isIterable } from './inputs.js';
import { MapIterator } from './map-iterator.js';
import { wait } from './wait.js';

/** Iterables of what a function takes: one for each parameter. */
export type Inputs<Args extends readonly unknown[]> = {
  [K in keyof Args]: Iterable<Args[K]> | AsyncIterable<Args[K]>;
};

/** Options of {@link Executor.shutdown}. */
export interface ShutdownOptions {
  /** Whether to wait for all calls, and for the end of the workers; `true` when left out. */
  wait?: boolean | undefined;
  /** Whether to cancel the calls that have not been begun; `false` when left out. */
  cancelFutures?: boolean | undefined;
}

/** Makes the error of everything that is not over when the executor breaks. */
type BrokenClass = new (message: string, options?: ErrorOptions) => BrokenExecutorError;

/**
 * What `ProcessPoolExecutor` and `ThreadPoolExecutor` have in common.
 *
 * Workers are started when calls wait and none is idle. An executor that has nothing to do does not keep the
 * program alive; calls that are not over do. `await using executor = …` shuts it down at the end of the
 * block, and waits.
 *
 * Python counterpart: `concurrent.futures.Executor`.
 */
export abstract class Executor {
  readonly #pool: Pool;
  readonly #Broken: BrokenClass;
  /** Futures that are not over. */
  readonly #pending = new Set<Future<unknown>>();
  #isShutDown = false;
  #breakdown: { readonly message: string; readonly cause: unknown } | undefined;
  #ending: Promise<void> | undefined;

  /** @internal */
  protected constructor(options: ProcessPoolExecutorOptions, Broken: BrokenClass) {
    this.#Broken = Broken;
    this.#pool = new Pool(readExecutorOptions(options));
    if (!options.strict) return;
    this.#pool.on('workerDestroy', ({ error }) => {
      // While workers do not start the pool tries again, and then says why they do not.
      if (error && error.task !== 'its start') this.#break(error);
    });
  }

  /**
   * Has a function called in a worker.
   *
   * Python counterpart: `Executor.submit`. What cannot be called or cannot travel is refused at once.
   *
   * @param fn - a function that a module exports, or another `TaskTarget` of pools
   * @param args - its arguments, which are copied
   * @returns the outcome that will be there
   * @throws {@link ExecutorShutdownError} (`ERR_EXECUTOR_SHUTDOWN`); {@link BrokenExecutorError}; NotExportedError
   * (`ERR_NOT_EXPORTED`), EncodeError (`ERR_ENCODE`), ArgumentTypeError (`ERR_INVALID_ARG_TYPE`)
   */
  submit<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    ...args: Args
  ): Future<Awaited<Result>> {
    return this.#start(fn, args, undefined, false);
  }

  /**
   * The same as {@link submit}, with what pools can do for a task: `kwargs`, `timeout`, `signal`, `priority`,
   * `affinity`, `transfer`, `onProgress`, `retries`.
   *
   * Python counterpart: keyword arguments of `Executor.submit`; the rest has none.
   *
   * @param options - see `TaskOptions` of pools
   * @param fn - as for `submit`
   * @param args - its arguments, which are copied
   * @returns the outcome that will be there
   * @throws as `submit`; the signal's reason
   */
  submitWith<Args extends readonly unknown[], Result>(
    options: TaskOptions,
    fn: TaskTarget<Args, Result>,
    ...args: Args
  ): Future<Awaited<Result>> {
    return this.#start(fn, args, options, false);
  }

  /**
   * Calls a function for each element, or for each row of several inputs, up to the end of the shortest.
   *
   * All input is taken at once, unless `buffersize` says how much; asynchronous input as it comes.
   *
   * Python counterpart: `Executor.map`.
   *
   * @param fn - as for `submit`
   * @param items - the elements
   * @param options - see {@link ExecutorMapOptions}; `timeout` in milliseconds, counted from this call, and
   * `signal` are for the results
   * @returns the results in the order of the elements, to be iterated over with `for await`
   * @throws as `submit`; ArgumentRangeError (`ERR_OUT_OF_RANGE`); an error of the first element or the input
   * before anything was begun
   */
  map<Item, Result>(
    fn: TaskTarget<[Item], Result>,
    items: Iterable<Item> | AsyncIterable<Item>,
    options?: ExecutorMapOptions,
  ): MapIterator<Awaited<Result>>;
  map<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    ...inputsAndOptions: Inputs<Args> | [...Inputs<Args>, ExecutorMapOptions]
  ): MapIterator<Awaited<Result>>;
  map<Result>(fn: unknown, ...rest: unknown[]): MapIterator<Result> {
    const hasOptions = rest.length > 1 && !isIterable(rest.at(-1));
    const options = hasOptions ? (rest.pop() ?? {}) : {};
    const settings = readMapOptions(options as ExecutorMapOptions);
    if (rest.length === 0) throw new ArgumentTypeError('items', 'an iterable', undefined);
    const rows = new InputRows(rest);
    this.#checkOpen();
    const isChunked = settings.chunksize > 1;
    const begin = (chunk: unknown[][]) =>
      this.#start(fn, isChunked ? chunk : (chunk[0] as unknown[]), undefined, isChunked);
    return new MapIterator<Result>(begin, rows, settings);
  }

  /**
   * Takes no more calls, and ends the workers when all have been done. Calling it again does no harm.
   *
   * Python counterpart: `Executor.shutdown`.
   *
   * @param options - see {@link ShutdownOptions}
   * @returns when all calls are over and all workers have ended; with `wait: false` at once
   * @throws ArgumentTypeError
   */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    checkOptions(options);
    this.#isShutDown = true;
    if (options.cancelFutures) this.#cancelAll();
    this.#pool.close();
    // Also when nobody waits: it keeps the pool from being collected before its time.
    this.#ending ??= this.#end();
    if (options.wait ?? true) await this.#ending;
  }

  /**
   * Ends the workers by SIGTERM (threads: `terminate()`), and takes no more calls. What has not been begun is
   * cancelled, what was running rejects with {@link BrokenExecutorError}. Does not wait: `shutdown()` does.
   *
   * Python counterpart: `ProcessPoolExecutor.terminate_workers`.
   */
  terminateWorkers(): void {
    this.#endWorkers('terminateWorkers');
  }

  /**
   * The same as {@link terminateWorkers}, by SIGKILL.
   *
   * Python counterpart: `ProcessPoolExecutor.kill_workers`.
   */
  killWorkers(): void {
    const { processes } = this.#pool;
    this.#endWorkers('killWorkers');
    for (const process of processes) process.kill();
  }

  /** The same as `shutdown()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  #start<Result>(
    fn: unknown,
    args: readonly unknown[],
    options: TaskOptions | undefined,
    isChunk: boolean,
  ): Future<Result> {
    this.#checkOpen();
    let submission: Submission<Result>;
    try {
      submission = submit<Result>(this.#pool, fn, args, options, isChunk);
    } catch (error) {
      throw this.#translated(error);
    }
    const future = new Future<Result>();
    future.follow(submission);
    this.#pending.add(future);
    // The task keeps these functions, and they the executor, until it is over: one that was forgotten finishes.
    submission.promise.then(
      (value) => {
        this.#pending.delete(future);
        if (!future.done()) future.setResult(value);
      },
      (error) => {
        this.#pending.delete(future);
        if (!future.done()) future.setException(this.#translated(error));
      },
    );
    return future;
  }

  #checkOpen(): void {
    if (this.#breakdown) throw this.#broken(this.#breakdown.message, this.#breakdown.cause);
    if (!this.#isShutDown) return;
    throw new ExecutorShutdownError(
      'the executor has been shut down and takes no more calls: make a new one',
    );
  }

  async #end(): Promise<void> {
    await wait(this.#pending);
    await this.#pool.join();
  }

  #cancelAll(): void {
    for (const future of [...this.#pending]) future.cancel();
  }

  #endWorkers(call: string): void {
    void this.shutdown({ wait: false, cancelFutures: true });
    this.#rejectAll(`the workers were ended by ${call}() while they ran the call`, undefined);
    this.#pool.terminate();
  }

  /** A worker has died, and that ends all. */
  #break(cause: Error): void {
    if (this.#breakdown) return;
    const message = `the executor is strict, and a worker has died: ${cause.message}`;
    this.#breakdown = { message, cause };
    this.#rejectAll(message, cause);
    this.#pool.terminate();
  }

  #rejectAll(message: string, cause: unknown): void {
    for (const future of [...this.#pending]) {
      if (!future.done()) future.setException(this.#broken(message, cause));
    }
  }

  #broken(message: string, cause: unknown): BrokenExecutorError {
    return new this.#Broken(message, cause === undefined ? undefined : { cause });
  }

  /** What a pool says, in the words of executors. */
  #translated(error: unknown): unknown {
    if (!isMultiprocError(error, 'ERR_POOL_BROKEN')) return error;
    return this.#broken(error.message.replace('the pool', 'the executor'), error.cause);
  }
}
