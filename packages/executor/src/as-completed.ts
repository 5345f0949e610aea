import { checkWaitOptions, TimeoutError, type WaitOptions } from '@multiproc/core';
import type { Future } from './future.js';
import { readFutures } from './wait.js';
import { deadline, waitUntil } from './wait-until.js';

/**
 * A future as {@link asCompleted} gives it: the very object that was passed in.
 *
 * TypeScript takes the result out of whatever a `for await` loop is given that looks like a promise, which
 * JavaScript does not; so this type does not look like one. Ask it with `result()`.
 *
 * @typeParam T - of the result
 */
export type CompletedFuture<T> = Future<T> & {
  /** As of the future itself. */
  // biome-ignore lint/suspicious/noExplicitAny: only with `any` it is assignable to Future and no promise
  readonly then: any;
};

/**
 * The futures of {@link asCompleted}, as they come.
 *
 * @typeParam T - of the results
 */
export class CompletedIterator<T> implements AsyncIterableIterator<CompletedFuture<T>, undefined> {
  readonly #total: number;
  readonly #options: WaitOptions;
  readonly #deadline: { left(): number };
  /** Those that are not over, with what ends listening to each. */
  readonly #open = new Map<Future<T>, () => void>();
  /** Those that are over and have not been given out. */
  readonly #ready = new Set<Future<T>>();
  readonly #waiters = new Set<() => void>();

  /** @internal */
  constructor(futures: ReadonlySet<Future<T>>, options: WaitOptions) {
    this.#total = futures.size;
    this.#options = options;
    this.#deadline = deadline(options.timeout);
    for (const future of futures) {
      if (future.isOver) this.#ready.add(future);
      else
        this.#open.set(
          future,
          future.listen(() => this.#look(future)),
        );
    }
  }

  /**
   * The next future that is over.
   *
   * @returns the future, as of any iterator
   * @throws TimeoutError (`ERR_TIMEOUT`) when none comes in time; the signal's reason. The iteration is over
   * then.
   */
  async next(): Promise<IteratorResult<CompletedFuture<T>, undefined>> {
    const isOver = () => this.#ready.size > 0 || this.#open.size === 0;
    // In a loop, because another call of next() may have been faster.
    while (this.#ready.size === 0 && this.#open.size > 0) {
      const options = { ...this.#options, timeout: this.#deadline.left() };
      await this.#stopUnless(waitUntil(isOver, (look) => this.#listen(look), options));
    }
    for (const future of this.#ready) {
      this.#ready.delete(future);
      return { done: false, value: future };
    }
    return { done: true, value: undefined };
  }

  /** Ends the iteration; the futures go on. */
  async return(): Promise<IteratorResult<CompletedFuture<T>, undefined>> {
    this.#stop();
    return { done: true, value: undefined };
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The same as `return()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
  }

  async #stopUnless(inTime: Promise<boolean>): Promise<void> {
    try {
      if (await inTime) return;
      throw new TimeoutError(`${this.#open.size} (of ${this.#total}) futures unfinished`);
    } catch (error) {
      this.#stop();
      throw error;
    }
  }

  #listen(look: () => void): () => void {
    this.#waiters.add(look);
    return () => this.#waiters.delete(look);
  }

  #look(future: Future<T>): void {
    if (!future.isOver) return;
    this.#open.get(future)?.();
    this.#open.delete(future);
    this.#ready.add(future);
    this.#wake();
  }

  #stop(): void {
    for (const stop of this.#open.values()) stop();
    this.#open.clear();
    this.#ready.clear();
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiters]) look();
  }
}

/**
 * Gives futures out as they are over: those that are already first, in the order given, each once. Leaving
 * the loop leaves the others alone.
 *
 * Python counterpart: `concurrent.futures.as_completed`.
 *
 * @param futures - of any executors; one that is given twice counts once
 * @param options - `timeout` in milliseconds, counted from this call, for all of them together; `signal`
 * @throws ArgumentTypeError, ArgumentRangeError naming the argument; the signal's reason. While iterating:
 * TimeoutError (`ERR_TIMEOUT`), which says how many are not over
 *
 * @example
 * ```ts
 * import { asCompleted, Future } from '@multiproc/executor';
 *
 * const [slow, fast] = [new Future<string>(), new Future<string>()];
 * fast.setResult('fast');
 * setTimeout(() => slow.setResult('slow'), 5);
 * for await (const future of asCompleted([slow, fast])) {
 *   console.log(await future.result());
 * }
 * // → fast
 * // → slow
 * ```
 */
export function asCompleted<T>(
  futures: Iterable<Future<T>>,
  options: WaitOptions = {},
): CompletedIterator<T> {
  const all = readFutures(futures);
  checkWaitOptions(options);
  return new CompletedIterator(all, options);
}
