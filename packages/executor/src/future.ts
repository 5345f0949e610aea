import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { checkFunction, checkWaitOptions, TimeoutError, type WaitOptions } from '@multiproc/core';
import type { Submission } from '@multiproc/pool';
import { CancelledError, InvalidStateError } from './errors.js';
import { waitUntil } from './wait-until.js';

/**
 * | state | meaning | goes on to |
 * | --- | --- | --- |
 * | pending | has no outcome; its task, if it has one, may be running | running, cancelled, notified, finished |
 * | running | is worked on by whoever called `setRunningOrNotifyCancel()` | finished |
 * | cancelled | whoever works on futures has not been told | notified |
 * | notified | cancelled, and nobody will work on it | |
 * | finished | has a result or an error | |
 */
type State = 'pending' | 'running' | 'cancelled' | 'notified' | 'finished';

/** How a call has ended. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** What a future needs of the task that it stands for. */
type FutureTask = Pick<Submission<unknown>, 'state' | 'cancel'>;

/**
 * The outcome of a call that an executor was given. It is a promise, so it can be awaited; an error that
 * nobody asks for does no harm.
 *
 * Executors make futures; with `setRunningOrNotifyCancel`, `setResult` and `setException` one can be used
 * without an executor.
 *
 * Python counterpart: `concurrent.futures.Future`. `cancel()` also takes back a call that a worker was given
 * and has not begun; `result()` and `exception()` are awaited.
 *
 * @typeParam T - of the result
 *
 * @example
 * ```ts
 * import { Future } from '@multiproc/executor';
 *
 * const future = new Future<number>();
 * future.addDoneCallback((done) => console.log(String(done))); // → Future <finished returned number>
 * future.setResult(5);
 * console.log(await future); // → 5
 * ```
 */
export class Future<T> implements Promise<T> {
  #state: State = 'pending';
  #task: FutureTask | undefined;
  #outcome: Outcome<T> | undefined;
  // Made when needed: most futures are awaited once, and there may be very many.
  #callbacks: (() => void)[] | undefined;
  #listeners: Set<() => void> | undefined;
  #promise: Promise<T> | undefined;

  /**
   * Takes the call back if it has not been begun.
   *
   * @returns `true` when the future is cancelled, also by an earlier call; `false` when its call runs, or is
   * over
   */
  cancel(): boolean {
    if (this.cancelled()) return true;
    if (this.#state !== 'pending') return false;
    const task = this.#task;
    if (task && !task.cancel(new CancelledError())) return false;
    this.#state = task ? 'notified' : 'cancelled';
    this.#settled();
    return true;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#state === 'cancelled' || this.#state === 'notified';
  }

  /** Whether its call has begun and is not over; it cannot be cancelled then. */
  running(): boolean {
    if (this.#state === 'running') return true;
    return this.#state === 'pending' && (this.#task?.state ?? 'pending') !== 'pending';
  }

  /** Whether its call is over, or it was cancelled. */
  done(): boolean {
    return this.#state === 'finished' || this.cancelled();
  }

  /**
   * Waits for the result.
   *
   * Python counterpart: `Future.result`, which blocks.
   *
   * @param options - `timeout` in milliseconds, `signal`: how long to wait, which does not end the call
   * @returns the result, each time it is asked for
   * @throws the error of the call; {@link CancelledError} (`ERR_CANCELLED`); TimeoutError (`ERR_TIMEOUT`);
   * the signal's reason
   */
  async result(options: WaitOptions = {}): Promise<T> {
    const outcome = await this.#wait(options);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /**
   * Waits until the call is over.
   *
   * Python counterpart: `Future.exception`, which blocks.
   *
   * @param options - as of `result`
   * @returns the error of the call, `null` when it has a result
   * @throws {@link CancelledError} (`ERR_CANCELLED`); TimeoutError (`ERR_TIMEOUT`); the signal's reason
   */
  async exception(options: WaitOptions = {}): Promise<unknown> {
    const outcome = await this.#wait(options);
    return 'error' in outcome ? outcome.error : null;
  }

  /**
   * Has a function called when the future is done or cancelled: at once, if it is already. Callbacks are
   * called in the order in which they were added, each in the asynchronous context it was added in. One that
   * throws, or whose promise rejects, causes a process warning (`MULTIPROC_FUTURE_CALLBACK`) and keeps no
   * other from being called.
   *
   * Python counterpart: `Future.add_done_callback`.
   *
   * @param callback - gets the future
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`)
   */
  addDoneCallback(callback: (future: Future<T>) => unknown): void {
    checkFunction(callback, 'callback');
    if (this.done()) this.#call(callback);
    else {
      this.#callbacks ??= [];
      this.#callbacks.push(AsyncResource.bind(() => this.#call(callback)));
    }
  }

  /**
   * For those who work on futures: call it before the work.
   *
   * @returns `true`: it is running now; `false`: it was cancelled, leave it
   * @throws {@link InvalidStateError} (`ERR_FUTURE_STATE`) when it is running or over, or an executor works on it
   */
  setRunningOrNotifyCancel(): boolean {
    if (this.#state === 'cancelled') {
      this.#state = 'notified';
      this.#tell();
      return false;
    }
    const call = 'setRunningOrNotifyCancel';
    if (this.#task) throw new InvalidStateError(`${call}() is not for ${this} of an executor`);
    if (this.#state !== 'pending') this.#refuse(call);
    this.#state = 'running';
    return true;
  }

  /**
   * For those who work on futures: ends it with a result.
   *
   * @param value - the result
   * @throws {@link InvalidStateError} (`ERR_FUTURE_STATE`) when it has an outcome; that is kept
   */
  setResult(value: T): void {
    if (this.done()) this.#refuse('setResult');
    this.#finish({ value });
  }

  /**
   * For those who work on futures: ends it with an error.
   *
   * @param error - the error
   * @throws {@link InvalidStateError} (`ERR_FUTURE_STATE`) when it has an outcome; that is kept
   */
  setException(error: unknown): void {
    if (this.done()) this.#refuse('setException');
    this.#finish({ error });
  }

  /** As of any promise. */
  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= this.#asPromise();
    return this.#promise.then(onValue, onError);
  }

  /** As of any promise. */
  catch<B = never>(onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onError);
  }

  /** As of any promise. */
  finally(onSettled?: (() => void) | null): Promise<T> {
    this.#promise ??= this.#asPromise();
    return this.#promise.finally(onSettled);
  }

  /** State, and what kind of outcome there is: `Future <finished returned number>`. */
  toString(): string {
    const outcome = this.#outcome;
    if (!outcome) {
      const state = this.cancelled() ? 'cancelled' : this.running() ? 'running' : 'pending';
      return `Future <${state}>`;
    }
    return 'error' in outcome
      ? `Future <finished raised ${kindOf(outcome.error)}>`
      : `Future <finished returned ${kindOf(outcome.value)}>`;
  }

  /** What `console.log` shows: the same as `toString()`. */
  [inspect.custom](): string {
    return this.toString();
  }

  /** `Future`. */
  get [Symbol.toStringTag](): string {
    return 'Future';
  }

  /** @internal Stands for a task from now on. */
  follow(task: FutureTask): void {
    this.#task = task;
  }

  /** @internal Whether it is over for those who wait for several futures. */
  get isOver(): boolean {
    return this.#state === 'finished' || this.#state === 'notified';
  }

  /** @internal Whether it has an error, which cancelling is not. */
  get hasFailed(): boolean {
    return this.#outcome !== undefined && 'error' in this.#outcome;
  }

  /** @internal Has a listener called when the state changes, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  /** The same as `result()` without options, in fewer steps: it is what `await` does. */
  #asPromise(): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        const outcome = this.#outcome;
        if (!outcome) reject(new CancelledError());
        else if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      };
      if (this.done()) settle();
      else {
        this.#listeners ??= new Set();
        this.#listeners.add(settle);
      }
    });
  }

  async #wait(options: WaitOptions): Promise<Outcome<T>> {
    checkWaitOptions(options);
    const listen = (look: () => void) => this.listen(look);
    if (!(await waitUntil(() => this.done(), listen, options))) {
      throw new TimeoutError(`the future was not done within ${options.timeout} ms`);
    }
    if (!this.#outcome) throw new CancelledError();
    return this.#outcome;
  }

  #finish(outcome: Outcome<T>): void {
    this.#outcome = outcome;
    this.#state = 'finished';
    this.#settled();
  }

  #settled(): void {
    // The arguments of the call hang on its task.
    this.#task = undefined;
    this.#tell();
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (callbacks) for (const callback of callbacks) callback();
  }

  #tell(): void {
    const listeners = this.#listeners;
    if (!listeners) return;
    // Nobody needs to hear more after the last change.
    if (this.isOver) this.#listeners = undefined;
    for (const listener of [...listeners]) listener();
  }

  #call(callback: (future: Future<T>) => unknown): void {
    try {
      const returned = callback(this);
      if (returned !== this && isThenable(returned)) returned.then(undefined, warn);
    } catch (error) {
      warn(error);
    }
  }

  #refuse(call: string): never {
    throw new InvalidStateError(`${call}() came too late for ${this}: it was changed before`);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

function warn(error: unknown): void {
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`a done callback of a future has thrown: ${shown}`, {
    code: 'MULTIPROC_FUTURE_CALLBACK',
  });
}

function kindOf(value: unknown): string {
  if (value instanceof Error) return value.name;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return value.constructor?.name ?? 'object';
}
