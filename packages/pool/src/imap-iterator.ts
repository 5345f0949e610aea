import { AsyncResource } from 'node:async_hooks';
import { checkWaitOptions, TimeoutError, type WaitOptions } from '@multiproc/core';
import { TaskCancelledError } from './errors.js';
import { CANCEL, KIND } from './lane-layout.js';
import { launch } from './launch.js';
import type { Scheduler } from './scheduler.js';
import type { Task } from './task.js';
import type { TaskOptions } from './task-options.js';

/** What an imap is about. */
export interface ImapRequest {
  readonly target: unknown;
  readonly items: Iterable<unknown> | AsyncIterable<unknown>;
  readonly chunksize: number;
  readonly buffersize: number;
  readonly ordered: boolean;
  readonly options: TaskOptions;
}

/** A chunk that was begun: undefined outcome while it runs. */
interface Entry {
  task: Task | undefined;
  values: unknown[] | undefined;
  error: { readonly value: unknown } | undefined;
}

interface Waiter<Result> {
  readonly resolve: (result: IteratorResult<Result, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The results of `imap` and `imapUnordered`. Input is taken only as fast as results are: at any time no
 * more than `buffersize` chunks are begun and not taken. Leaving a `for await` loop cancels the rest.
 *
 * An error rejects one `next()`, and those after it go on with the next results, as in Python; a `for await`
 * loop ends with it, as any does.
 *
 * Python counterpart: `IMapIterator`.
 *
 * @typeParam Result - of one element
 */
export class ImapIterator<Result>
  implements AsyncIterableIterator<Result, undefined, WaitOptions | undefined>
{
  readonly #scheduler: Scheduler;
  readonly #request: ImapRequest;
  readonly #source: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #isAsync: boolean;
  /** Chunks in the order in which they are to be delivered, as far as that is fixed. */
  #entries: Entry[] = [];
  readonly #waiters: Waiter<Result>[] = [];
  #isFilling = false;
  #hasInput = true;
  /** Input is taken and chunks are begun in the asynchronous context of the call. */
  readonly #context = new AsyncResource('multiproc.ImapIterator');

  /** @internal */
  constructor(scheduler: Scheduler, request: ImapRequest) {
    this.#scheduler = scheduler;
    this.#request = request;
    const { items } = request;
    this.#isAsync = Symbol.asyncIterator in items;
    this.#source =
      Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    scheduler.functions.get(request.target);
    this.#fill();
  }

  /**
   * The next result.
   *
   * @param options - `timeout` in milliseconds, `signal`: after either, the result is left for the next call
   * @returns the result, as of any iterator
   * @throws the error of the task, or of the input; TimeoutError (`ERR_TIMEOUT`); the signal's reason
   */
  async next(options: WaitOptions = {}): Promise<IteratorResult<Result, undefined>> {
    checkWaitOptions(options);
    const { timeout, signal } = options;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const over = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter<Result> = {
        resolve: (result) => {
          over();
          resolve(result);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      };
      const giveUp = (error: unknown) => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.reject(error);
      };
      const onAbort = () => giveUp(signal?.reason);
      this.#waiters.push(waiter);
      this.#deliver();
      if (!this.#waiters.includes(waiter)) return;
      signal?.addEventListener('abort', onAbort);
      if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return;
      const late = () => giveUp(new TimeoutError(`no result came within ${timeout} ms`));
      timer = setTimeout(late, Math.max(0, Math.ceil(timeout)));
    });
  }

  /** Cancels the rest. */
  async return(): Promise<IteratorResult<Result, undefined>> {
    await this.#stop();
    return { done: true, value: undefined };
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The same as `return()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const hadInput = this.#hasInput;
    this.#hasInput = false;
    const entries = this.#entries;
    this.#entries = [];
    const error = new TaskCancelledError('the iteration was ended before the task');
    for (const { task } of entries) if (task) this.#scheduler.abandon(task, error, CANCEL.ABORTED);
    this.#deliver();
    if (hadInput) await this.#source.return?.();
  }

  /** Takes input and begins chunks, while there is room for them. */
  #fill(): void {
    this.#context.runInAsyncScope(() => this.#take());
  }

  #take(): void {
    const { buffersize, chunksize } = this.#request;
    while (this.#hasInput && !this.#isFilling && this.#entries.length < buffersize) {
      const chunk: unknown[] = [];
      try {
        while (chunk.length < chunksize && this.#hasInput) {
          const next = this.#source.next();
          if (this.#isAsync) {
            void this.#fillLater(chunk, next as Promise<IteratorResult<unknown>>);
            return;
          }
          this.#accept(chunk, next as IteratorResult<unknown>);
        }
      } catch (error) {
        this.#inputFailed(error);
        return;
      }
      this.#begin(chunk);
    }
  }

  #accept(chunk: unknown[], next: IteratorResult<unknown>): void {
    if (next.done) this.#hasInput = false;
    else chunk.push(next.value);
  }

  /** The same for input that has to be awaited: one chunk. */
  async #fillLater(chunk: unknown[], first: Promise<IteratorResult<unknown>>): Promise<void> {
    const { chunksize } = this.#request;
    this.#isFilling = true;
    try {
      this.#accept(chunk, await first);
      while (chunk.length < chunksize && this.#hasInput) {
        this.#accept(chunk, await this.#source.next());
      }
      this.#isFilling = false;
      this.#begin(chunk);
    } catch (error) {
      this.#isFilling = false;
      this.#inputFailed(error);
    }
    this.#fill();
    this.#deliver();
  }

  #inputFailed(value: unknown): void {
    if (!this.#hasInput) return;
    this.#hasInput = false;
    this.#entries.push({ task: undefined, values: undefined, error: { value } });
    this.#deliver();
  }

  #begin(list: unknown[]): void {
    if (list.length === 0) return;
    const { target, options } = this.#request;
    const entry: Entry = { task: undefined, values: undefined, error: undefined };
    this.#entries.push(entry);
    const sink = {
      resolve: (values: unknown) => {
        // From here on taken from the end.
        entry.values = (values as unknown[]).reverse();
        this.#deliver();
      },
      reject: (value: unknown) => {
        entry.error = { value };
        this.#deliver();
      },
    };
    try {
      const path = { path: 'items' };
      entry.task = launch(this.#scheduler, { target, kind: KIND.MAP, list, path, sink, options });
    } catch (value) {
      entry.error = { value };
    }
  }

  /** Gives what is there to those who wait. */
  #deliver(): void {
    while (this.#waiters.length > 0) {
      const entry = this.#nextEntry();
      if (!entry) {
        if (this.#entries.length > 0 || this.#hasInput || this.#isFilling) return;
        (this.#waiters.shift() as Waiter<Result>).resolve({ done: true, value: undefined });
        continue;
      }
      const waiter = this.#waiters.shift() as Waiter<Result>;
      if (entry.error) {
        this.#forget(entry);
        waiter.reject(entry.error.value);
      } else {
        const values = entry.values as Result[];
        const value = values.pop() as Result;
        if (values.length === 0) this.#forget(entry);
        waiter.resolve({ done: false, value });
      }
    }
  }

  #nextEntry(): Entry | undefined {
    const isOver = ({ values, error }: Entry) => values !== undefined || error !== undefined;
    if (!this.#request.ordered) return this.#entries.find(isOver);
    const first = this.#entries[0];
    return first && isOver(first) ? first : undefined;
  }

  #forget(entry: Entry): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    this.#fill();
  }
}
