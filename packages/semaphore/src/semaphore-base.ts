import {
  type Attachment,
  block,
  blockAsync,
  checkFunction,
  checkOptions,
  isTurnOver,
  nextTurn,
  type ObjectSpec,
  SharedObject,
  TimeoutError,
} from '@multiproc/core';
import { type AcquireOptions, checkWhole, type UntimedAcquireOptions } from './options.js';
import { PermitCall, type Permits } from './permit-call.js';
import { PermitHold, type PermitSource } from './permit-hold.js';

const NO_OPTIONS: AcquireOptions = {};

/** What {@link Semaphore} and {@link BoundedSemaphore} have in common. */
export abstract class SemaphoreBase extends SharedObject implements PermitSource {
  readonly #permits: Permits;

  /** @internal */
  protected constructor(spec: ObjectSpec, source: Attachment | SharedObject | undefined) {
    super(spec, source);
    this.#permits = this.openPermits();
  }

  /** @internal */
  protected abstract openPermits(): Permits;

  /**
   * Waits for permits without blocking the event loop.
   *
   * @param options - `permits` (1), `timeout` in milliseconds, `signal`
   * @returns a hold, or `null` after the time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options, among them more permits
   *   than the semaphore can ever have
   * @throws the signal's reason, when that is aborted before the permits are acquired
   */
  acquire(options?: UntimedAcquireOptions): Promise<PermitHold>;
  /** As above, and `null` after the time-out. */
  acquire(options: AcquireOptions): Promise<PermitHold | null>;
  async acquire(options: AcquireOptions = NO_OPTIONS): Promise<PermitHold | null> {
    this.checkUsable();
    const { pending } = this.family.agent;
    const permits = this.#wanted(options);
    const events = this.#permits.eventsFor(permits);
    // A call that finds others waiting goes behind them.
    if (options === NO_OPTIONS && !pending.has(events) && this.#permits.takeFree()) {
      const hold = new PermitHold(this, 1);
      if (isTurnOver()) await nextTurn();
      return hold;
    }
    const call = new PermitCall(this.#permits, permits, false);
    const taken = await blockAsync(pending, events, call, options);
    return taken ? new PermitHold(this, permits) : null;
  }

  /**
   * Waits for permits and blocks the thread.
   *
   * @param options - `permits` (1), `timeout` in milliseconds; `signal` counts only when it is
   *   aborted already
   * @returns a hold, or `null` after the time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options, among them more permits
   *   than the semaphore can ever have
   */
  acquireSync(options?: UntimedAcquireOptions): PermitHold;
  /** As above, and `null` after the time-out. */
  acquireSync(options: AcquireOptions): PermitHold | null;
  acquireSync(options: AcquireOptions = NO_OPTIONS): PermitHold | null {
    this.checkUsable();
    if (options === NO_OPTIONS && this.#permits.takeFree()) return new PermitHold(this, 1);
    const permits = this.#wanted(options);
    const call = new PermitCall(this.#permits, permits, true);
    const taken = block(this.family.agent, this.#permits.eventsFor(permits), call, options);
    return taken ? new PermitHold(this, permits) : null;
  }

  /**
   * Runs a function while it has permits, and gives them back whatever happens.
   *
   * @param fn - may be asynchronous; the permits are held until its promise has settled
   * @param options - `permits` (1), `timeout` in milliseconds, `signal`; the last two end the
   *   wait, not the function
   * @returns what `fn` returned
   * @throws what `fn` threw; TimeoutError (`ERR_TIMEOUT`) after the time-out
   */
  async runExclusive<Result>(
    fn: () => Result | Promise<Result>,
    options: AcquireOptions = NO_OPTIONS,
  ): Promise<Result> {
    checkFunction(fn, 'fn');
    const hold = await this.acquire(options);
    if (!hold) throw new TimeoutError(`no permits were free within ${options.timeout} ms`);
    try {
      return await fn();
    } finally {
      hold[Symbol.dispose]();
    }
  }

  /**
   * Gives permits back, also ones that nobody acquired.
   *
   * @param permits - how many; they come back together
   * @throws {@link SemaphoreReleasedTooOftenError} when there would be more than there may be; with
   *   `recover: true` {@link SemaphoreNotHeldError} when this agent has not that many
   * @throws ArgumentTypeError, ArgumentRangeError for an impossible number
   */
  release(permits = 1): void {
    this.checkUsable();
    checkWhole(permits, 'permits', 1, Number.MAX_SAFE_INTEGER);
    this.#permits.release(permits);
  }

  /** How many permits are free right now. Python counterpart: `get_value`. */
  getValue(): number {
    this.checkUsable();
    return this.#permits.value;
  }

  /** Whether no permit is free right now. */
  locked(): boolean {
    return this.getValue() === 0;
  }

  protected override use(): string | undefined {
    if (this.#permits.isMine) return 'this agent has permits of it';
    const { pending } = this.family.agent;
    const isAwaited = [1, 2].some((permits) => pending.has(this.#permits.eventsFor(permits)));
    return isAwaited ? 'a call of this agent is waiting for it' : undefined;
  }

  protected override describe(): string {
    return `value: ${this.#permits.value}`;
  }

  #wanted(options: AcquireOptions): number {
    if (options === NO_OPTIONS) return 1;
    checkOptions(options);
    const { permits = 1 } = options;
    checkWhole(permits, 'options.permits', 1, this.#permits.bound);
    return permits;
  }
}
