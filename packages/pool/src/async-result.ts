import { AsyncResource } from 'node:async_hooks';
import { checkWaitOptions, TimeoutError, type WaitOptions } from '@multiproc/core';
import { PoolStateError } from './errors.js';
import type { TaskSink } from './task.js';
import type { AsyncOptions } from './task-options.js';

/** How a result was settled. */
type Settled<T> = { readonly value: T } | { readonly error: unknown };

/**
 * A result that will come. It is a promise, so it can be awaited; other than a plain one it can be asked
 * whether it is there, and an error that nobody asks for does no harm.
 *
 * Python counterpart: `multiprocessing.pool.AsyncResult`.
 *
 * @example
 * ```ts
 * import { AsyncResult } from '@multiproc/pool';
 *
 * const result = new AsyncResult<number>();
 * console.log(result.ready()); // → false
 * ```
 */
export class AsyncResult<T> implements Promise<T>, TaskSink {
  readonly #callbacks: AsyncOptions<T> | undefined;
  readonly #failed: ((error: unknown) => void) | undefined;
  /** Callbacks run in the asynchronous context of the call. */
  readonly #context: AsyncResource | undefined;
  readonly #waiters = new Set<() => void>();
  #settled: Settled<T> | undefined;
  #promise: Promise<T> | undefined;

  /** @internal */
  constructor(callbacks?: AsyncOptions<T>, failed?: (error: unknown) => void) {
    this.#callbacks = callbacks;
    this.#failed = failed;
    const hasCallbacks = callbacks?.callback ?? callbacks?.errorCallback;
    if (hasCallbacks) this.#context = new AsyncResource('multiproc.AsyncResult');
  }

  /**
   * Waits for the result.
   *
   * @param options - `timeout` in milliseconds, `signal`: how long to wait, which does not end the task
   * @returns the result, each time it is asked for
   * @throws the error of the task; TimeoutError (`ERR_TIMEOUT`); the signal's reason
   */
  async get(options: WaitOptions = {}): Promise<T> {
    if (!(await this.wait(options))) {
      throw new TimeoutError(`the result did not come within ${options.timeout} ms`);
    }
    const settled = this.#settled as Settled<T>;
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  /**
   * Waits until the result is there, whatever it is.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `false` after the time-out
   * @throws the signal's reason
   */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    checkWaitOptions(options);
    if (this.#settled) return true;
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    if (timeout <= 0) return false;
    return new Promise((resolve, reject) => {
      const finish = () => {
        this.#waiters.delete(finish);
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        if (this.#settled || !signal?.aborted) resolve(this.#settled !== undefined);
        else reject(signal.reason);
      };
      const timer = timeout < 2 ** 31 ? setTimeout(finish, Math.ceil(timeout)) : undefined;
      signal?.addEventListener('abort', finish);
      this.#waiters.add(finish);
    });
  }

  /** Whether the result is there. */
  ready(): boolean {
    return this.#settled !== undefined;
  }

  /**
   * Whether there is a result and no error.
   *
   * @throws {@link PoolStateError} (`ERR_POOL_STATE`) before it is there
   */
  successful(): boolean {
    if (!this.#settled) throw new PoolStateError('the result is not there yet: see ready()');
    return 'value' in this.#settled;
  }

  /** As of any promise. */
  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= this.get();
    return this.#promise.then(onValue, onError);
  }

  /** As of any promise. */
  catch<B = never>(onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onError);
  }

  /** As of any promise. */
  finally(onSettled?: (() => void) | null): Promise<T> {
    this.#promise ??= this.get();
    return this.#promise.finally(onSettled);
  }

  /** `AsyncResult`. */
  get [Symbol.toStringTag](): string {
    return 'AsyncResult';
  }

  /** @internal */
  resolve(value: unknown): void {
    this.#settle({ value: value as T });
    this.#call(this.#callbacks?.callback, value as T);
  }

  /** @internal */
  reject(error: unknown): void {
    this.#settle({ error });
    this.#call(this.#callbacks?.errorCallback, error);
  }

  #settle(settled: Settled<T>): void {
    this.#settled = settled;
    for (const wake of this.#waiters) wake();
  }

  #call<V>(callback: ((value: V) => void) | undefined, value: V): void {
    if (!callback) return;
    try {
      this.#context?.runInAsyncScope(callback, undefined, value);
    } catch (error) {
      this.#failed?.(error);
    }
  }
}
