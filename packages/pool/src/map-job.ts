import { encode, isMultiprocError } from '@multiproc/core';
import { CANCEL, type KIND } from './lane-layout.js';
import { type Launch, launch } from './launch.js';
import type { Scheduler } from './scheduler.js';
import type { Task, TaskSink } from './task.js';
import type { MapOptions } from './task-options.js';

/** What messages call the elements of the first chunk. */
const ITEMS = { path: 'items' };

/** After so many chunks the workers are looked after: handing out a long list takes time. */
const ATTENTION = 64;

/** What a map is about. */
export interface MapRequest {
  readonly target: unknown;
  /** KIND.MAP or KIND.STARMAP. */
  readonly kind: typeof KIND.MAP | typeof KIND.STARMAP;
  readonly items: readonly unknown[];
  readonly chunksize: number;
  readonly options: MapOptions;
}

/**
 * Runs a function for each element of a list, in chunks. Settles the sink once, when all chunks have
 * ended: with all results in order, or with the error that came first.
 */
export class MapJob {
  readonly #scheduler: Scheduler;
  readonly #sink: TaskSink;
  readonly #results: unknown[];
  readonly #tasks: Task[] = [];
  #left: number;
  #error: { readonly value: unknown } | undefined;
  #stopListening: (() => void) | undefined;

  /**
   * Starts.
   *
   * @param scheduler - of the pool
   * @param request - what to do
   * @param sink - who wants the list
   * @throws what `launch` throws; nothing has been begun then, or it has been taken back
   */
  constructor(scheduler: Scheduler, request: MapRequest, sink: TaskSink) {
    const { items, chunksize, options } = request;
    this.#scheduler = scheduler;
    this.#sink = sink;
    this.#results = new Array(items.length);
    this.#left = Math.ceil(items.length / chunksize);
    scheduler.checkOpen();
    options.signal?.throwIfAborted();
    if (this.#left === 0) {
      sink.resolve([]);
      return;
    }
    this.#launchAll(request);
    const { signal } = options;
    if (!signal) return;
    const onAbort = () => this.#cancel(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  #launchAll({ target, kind, items, chunksize, options }: MapRequest): void {
    // The signal is heard once for all chunks.
    const own = hasTraits(options) ? { ...options, signal: undefined } : undefined;
    try {
      for (let start = 0; start < items.length; start += chunksize) {
        const list = items.length <= chunksize ? items : items.slice(start, start + chunksize);
        const sink = new ChunkSink(this, start);
        const request: Launch = { target, kind, list, path: ITEMS, sink, options: own };
        this.#tasks.push(launch(this.#scheduler, request));
        if (this.#tasks.length % ATTENTION === 0) this.#scheduler.attend();
      }
    } catch (error) {
      // Nobody hears of the chunks that have been taken: the caller gets this error.
      this.#left = Number.POSITIVE_INFINITY;
      for (const task of this.#tasks) this.#scheduler.abandon(task, error, CANCEL.ABORTED);
      throw isMultiprocError(error, 'ERR_ENCODE') ? this.#located(error, items, chunksize) : error;
    }
  }

  /** The same refusal with the path in the whole list, which no other chunk needs. */
  #located(error: unknown, items: readonly unknown[], chunksize: number): unknown {
    const start = this.#tasks.length * chunksize;
    try {
      encode(items.slice(start, start + chunksize), { path: `items.slice(${start})` });
    } catch (located) {
      return located;
    }
    return error;
  }

  /** @internal */
  fill(start: number, values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i++) this.#results[start + i] = values[i];
    this.#ended();
  }

  /** @internal */
  fail(value: unknown): void {
    this.#error ??= { value };
    this.#ended();
  }

  #ended(): void {
    if (--this.#left > 0) return;
    this.#stopListening?.();
    if (this.#error) this.#sink.reject(this.#error.value);
    else this.#sink.resolve(this.#results);
  }

  #cancel(reason: unknown): void {
    for (const task of this.#tasks) this.#scheduler.abandon(task, reason, CANCEL.ABORTED);
  }
}

/** Takes the results of one chunk; a class, because there may be very many. */
class ChunkSink implements TaskSink {
  readonly #job: MapJob;
  readonly #start: number;

  constructor(job: MapJob, start: number) {
    this.#job = job;
    this.#start = start;
  }

  resolve(values: unknown): void {
    this.#job.fill(this.#start, values as readonly unknown[]);
  }

  reject(error: unknown): void {
    this.#job.fail(error);
  }
}

function hasTraits(options: MapOptions): boolean {
  const { timeout, priority, affinity, transfer, onProgress, retries } = options;
  return [timeout, priority, affinity, transfer, onProgress, retries].some(
    (one) => one !== undefined,
  );
}
