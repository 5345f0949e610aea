import type { Attempt, WaitOptions } from './attempt.js';
import type { EventCount } from './event-count.js';

/** Longest delay of a Node timer; longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One awaiting call: its attempt, its promise, and its time-out and signal. */
export class Waiter<Result> {
  readonly events: EventCount;
  readonly attempt: Attempt<Result>;
  readonly #resolve: (result: Result | undefined) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;
  #isSettled = false;

  /**
   * @param events - what the attempt waits on
   * @param attempt - the transition to make
   * @param resolve - settles the caller's promise
   * @param reject - rejects the caller's promise
   */
  constructor(
    events: EventCount,
    attempt: Attempt<Result>,
    resolve: (result: Result | undefined) => void,
    reject: (reason: unknown) => void,
  ) {
    this.events = events;
    this.attempt = attempt;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** How long it has waited, in milliseconds. */
  get waited(): number {
    return performance.now() - this.#since;
  }

  /** Whether the promise has its outcome. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Calls `expire` at the time-out, or with the signal when that is aborted. */
  watch(options: WaitOptions, expire: (reason: { signal: AbortSignal } | undefined) => void): void {
    const { timeout, signal } = options;
    if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) {
      this.#startTimer(timeout, expire);
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => expire({ signal });
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** Resolves the promise. */
  settle(result: Result | undefined): void {
    this.#finish();
    this.#resolve(result);
  }

  /** Rejects the promise. */
  fail(reason: unknown): void {
    this.#finish();
    this.#reject(reason);
  }

  #startTimer(timeout: number, expire: (reason: undefined) => void): void {
    const remaining = timeout - this.waited;
    this.#timer = setTimeout(
      () => {
        if (this.waited >= timeout) expire(undefined);
        else this.#startTimer(timeout, expire);
      },
      Math.min(Math.ceil(remaining), LONGEST_TIMER),
    );
  }

  #finish(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
