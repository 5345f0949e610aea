import { EventEmitter } from 'node:events';
import { ArgumentTypeError, checkOptions } from '@multiproc/core';
import { AsyncResult } from './async-result.js';
import { defaultChunksize, materialise } from './chunks.js';
import { ImapIterator } from './imap-iterator.js';
import { KIND } from './lane-layout.js';
import { ARGUMENTS, launch } from './launch.js';
import { MapJob } from './map-job.js';
import type { Scheduler } from './scheduler.js';
import type { TaskSink } from './task.js';
import {
  type AsyncOptions,
  checkCount,
  checkTaskOptions,
  type ImapOptions,
  type MapOptions,
  type TaskOptions,
} from './task-options.js';
import type { TaskTarget } from './task-target.js';

/** Elements of a map. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

const NO_ARGUMENTS: readonly never[] = [];

/** How many chunks each worker has ahead in `imap`. */
const IMAP_AHEAD = 8;

/** The calls by which a pool is given tasks. */
export abstract class PoolCalls extends EventEmitter {
  /** @internal */
  protected abstract readonly scheduler: Scheduler;

  /**
   * Calls a function in a worker.
   *
   * Python counterpart: `Pool.apply`, which blocks.
   *
   * @param fn - see {@link TaskTarget}
   * @param args - its arguments, which are copied
   * @param options - see {@link TaskOptions}
   * @returns what the function returns
   * @throws what the function throws, with the worker's stack; WorkerDiedError (`ERR_WORKER_DIED`),
   * TimeoutError (`ERR_TIMEOUT`), the signal's reason; at once: NotExportedError (`ERR_NOT_EXPORTED`),
   * EncodeError (`ERR_ENCODE`), PoolStateError (`ERR_POOL_STATE`), PoolQueueFullError
   * (`ERR_POOL_QUEUE_FULL`), PoolBrokenError (`ERR_POOL_BROKEN`)
   */
  apply<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    args: Readonly<Args> = NO_ARGUMENTS as unknown as Args,
    options?: TaskOptions,
  ): Promise<Awaited<Result>> {
    return new Promise((resolve, reject) => {
      // What is thrown here rejects.
      this.#launch(fn, args, options, { resolve: resolve as TaskSink['resolve'], reject });
    });
  }

  /** The same as {@link apply}, under the name that other pools have for it. */
  run<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    args: Readonly<Args> = NO_ARGUMENTS as unknown as Args,
    options?: TaskOptions,
  ): Promise<Awaited<Result>> {
    return this.apply(fn, args, options);
  }

  /**
   * Calls a function in a worker, and gives the result as an object that can be asked for it.
   *
   * Python counterpart: `Pool.apply_async`.
   *
   * @param fn - see {@link TaskTarget}
   * @param args - its arguments, which are copied
   * @param options - see {@link TaskOptions}, and callbacks
   * @throws what `apply` rejects with at once
   */
  applyAsync<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    args: Readonly<Args> = NO_ARGUMENTS as unknown as Args,
    options?: TaskOptions & AsyncOptions<Awaited<Result>>,
  ): AsyncResult<Awaited<Result>> {
    const result = this.#result(options);
    this.#launch(fn, args, options, result);
    return result;
  }

  /**
   * Calls a function for each element, in chunks.
   *
   * Python counterpart: `Pool.map`.
   *
   * @param fn - gets one element
   * @param items - all of them are taken before the first call
   * @param options - see {@link MapOptions}; `timeout` is for each chunk
   * @returns the results in the order of the elements, when all chunks have ended
   * @throws the error that came first, when all chunks have ended; else as `apply`
   */
  async map<T, Result>(
    fn: TaskTarget<[T], Result>,
    items: Items<T>,
    options: MapOptions = {},
  ): Promise<Awaited<Result>[]> {
    return this.#mapped(fn, KIND.MAP, items, options);
  }

  /**
   * The same as {@link map}, as an object that can be asked for the list.
   *
   * Python counterpart: `Pool.map_async`.
   *
   * @param fn - gets one element
   * @param items - all of them are taken before the first call
   * @param options - see {@link MapOptions}, and callbacks for the whole list
   * @throws what `map` rejects with at once
   */
  mapAsync<T, Result>(
    fn: TaskTarget<[T], Result>,
    items: Items<T>,
    options: MapOptions & AsyncOptions<Awaited<Result>[]> = {},
  ): AsyncResult<Awaited<Result>[]> {
    return this.#mapResult(fn, KIND.MAP, items, options);
  }

  /**
   * Calls a function for each list of arguments, in chunks.
   *
   * Python counterpart: `Pool.starmap`.
   *
   * @param fn - gets the members of one element as its arguments
   * @param items - all of them are taken before the first call
   * @param options - see {@link MapOptions}; `timeout` is for each chunk
   * @returns the results in the order of the elements, when all chunks have ended
   * @throws as `map`
   */
  async starmap<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    items: Items<Readonly<Args>>,
    options: MapOptions = {},
  ): Promise<Awaited<Result>[]> {
    return this.#mapped(fn, KIND.STARMAP, items, options);
  }

  /**
   * The same as {@link starmap}, as an object that can be asked for the list.
   *
   * Python counterpart: `Pool.starmap_async`.
   *
   * @param fn - gets the members of one element as its arguments
   * @param items - all of them are taken before the first call
   * @param options - see {@link MapOptions}, and callbacks for the whole list
   * @throws what `starmap` rejects with at once
   */
  starmapAsync<Args extends readonly unknown[], Result>(
    fn: TaskTarget<Args, Result>,
    items: Items<Readonly<Args>>,
    options: MapOptions & AsyncOptions<Awaited<Result>[]> = {},
  ): AsyncResult<Awaited<Result>[]> {
    return this.#mapResult(fn, KIND.STARMAP, items, options);
  }

  /**
   * Calls a function for each element and yields the results in the order of the elements. Input is
   * taken only as fast as results are, so it may be endless. See {@link ImapIterator}.
   *
   * Python counterpart: `Pool.imap`, which takes all input at once.
   *
   * @param fn - gets one element
   * @param items - an iterable, an asynchronous one, a stream
   * @param options - see {@link ImapOptions}
   * @throws at once: ArgumentTypeError, ArgumentRangeError, NotExportedError, PoolStateError
   */
  imap<T, Result>(
    fn: TaskTarget<[T], Result>,
    items: Items<T>,
    options: ImapOptions = {},
  ): ImapIterator<Awaited<Result>> {
    return this.#imapped(fn, items, options, true);
  }

  /**
   * The same as {@link imap}, with the results in the order in which they come.
   *
   * Python counterpart: `Pool.imap_unordered`.
   *
   * @param fn - gets one element
   * @param items - an iterable, an asynchronous one, a stream
   * @param options - see {@link ImapOptions}
   * @throws as `imap`
   */
  imapUnordered<T, Result>(
    fn: TaskTarget<[T], Result>,
    items: Items<T>,
    options: ImapOptions = {},
  ): ImapIterator<Awaited<Result>> {
    return this.#imapped(fn, items, options, false);
  }

  /** Tells of code of the user that has thrown where nobody catches it. */
  protected abstract report(error: unknown): void;

  #result<T>(options: AsyncOptions<T> | undefined): AsyncResult<T> {
    return new AsyncResult<T>(options, (error) => this.report(error));
  }

  #launch(
    target: unknown,
    args: readonly unknown[],
    options: TaskOptions | undefined,
    sink: TaskSink,
  ): void {
    if (options !== undefined) checkTaskOptions(options);
    if (!Array.isArray(args)) throw new ArgumentTypeError('args', 'an array', args);
    const list = options?.kwargs ? [...args, options.kwargs] : args;
    launch(this.scheduler, { target, kind: KIND.CALL, list, path: ARGUMENTS, sink, options });
  }

  async #mapped<Result>(
    target: unknown,
    kind: typeof KIND.MAP | typeof KIND.STARMAP,
    items: Items<unknown>,
    options: MapOptions,
  ): Promise<Awaited<Result>[]> {
    this.#checkMap(items, options);
    // Input that is there is taken at once, so that a close() after the call does not come before it.
    const all = Symbol.iterator in items ? [...items] : await materialise(items);
    return new Promise((resolve, reject) => {
      const sink = { resolve: resolve as TaskSink['resolve'], reject };
      this.#startMap(target, kind, all, options, sink);
    });
  }

  #mapResult<Result>(
    target: unknown,
    kind: typeof KIND.MAP | typeof KIND.STARMAP,
    items: Items<unknown>,
    options: MapOptions & AsyncOptions<Result[]>,
  ): AsyncResult<Result[]> {
    this.#checkMap(items, options);
    const result = this.#result(options);
    if (Symbol.iterator in items) this.#startMap(target, kind, [...items], options, result);
    else {
      materialise(items)
        .then((all) => this.#startMap(target, kind, all, options, result))
        .catch((error: unknown) => result.reject(error));
    }
    return result;
  }

  #checkMap(items: unknown, options: MapOptions): void {
    checkTaskOptions(options);
    if (options.chunksize !== undefined) checkCount(options.chunksize, 'options.chunksize', 1);
    checkItems(items);
    this.scheduler.checkOpen();
  }

  #startMap(
    target: unknown,
    kind: typeof KIND.MAP | typeof KIND.STARMAP,
    items: readonly unknown[],
    options: MapOptions,
    sink: TaskSink,
  ): void {
    const { settings } = this.scheduler.crew;
    const chunksize = options.chunksize ?? defaultChunksize(items.length, settings.max);
    new MapJob(this.scheduler, { target, kind, items, chunksize, options }, sink);
  }

  #imapped<Result>(
    target: unknown,
    items: Items<unknown>,
    options: ImapOptions,
    ordered: boolean,
  ): ImapIterator<Result> {
    checkOptions(options);
    const { chunksize = 1, buffersize, ...task } = options;
    checkTaskOptions(task);
    checkCount(chunksize, 'options.chunksize', 1);
    if (buffersize !== undefined) checkCount(buffersize, 'options.buffersize', 1);
    checkItems(items);
    this.scheduler.checkOpen();
    return new ImapIterator(this.scheduler, {
      target,
      items,
      chunksize,
      buffersize: buffersize ?? IMAP_AHEAD * this.scheduler.crew.settings.max,
      ordered,
      options: task,
    });
  }
}

function checkItems(items: unknown): void {
  const isObject = (typeof items === 'object' && items !== null) || typeof items === 'string';
  const isIterable =
    isObject && (Symbol.iterator in Object(items) || Symbol.asyncIterator in Object(items));
  if (!isIterable) throw new ArgumentTypeError('items', 'an iterable', items);
}
