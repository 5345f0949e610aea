import {
  ABANDONED,
  type Attachment,
  attach,
  block,
  blockAsync,
  checkFunction,
  GRANTED,
  type Grant,
  type Handle,
  isTurnOver,
  MutexWord,
  type NameOptions,
  nextTurn,
  openObject,
  registerType,
  SharedObject,
  TimeoutError,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';
import { AfterRelease } from './after-release.js';
import { LockNotHeldError } from './errors.js';
import { Hold, type Releasable } from './hold.js';
import type { Suspended } from './suspended.js';
import { warnAbandoned } from './warn-abandoned.js';

const SPEC = { type: 'Lock', bytes: MutexWord.WORDS * 4 };

const NO_OPTIONS: WaitOptions = {};

/**
 * A lock shared by all threads and processes of a family.
 *
 * Any agent may release it, not only the one that acquired it. It is not re-entrant: see
 * {@link RLock}. When its owner dies or ends without releasing, the next waiter gets it and is
 * told by `hold.abandoned`.
 *
 * Fairness: whoever is awake may take a free lock first, which is fast. A waiter that has been
 * passed over for 2 ms reserves the next turn, whether it blocks or awaits; with sections of 5 ms
 * and two competitors it waits some tens of milliseconds at the most. Calls of one agent that
 * await succeed in the order in which they were made.
 *
 * Python counterpart: `multiprocessing.Lock`. Differences: `acquire` gives a hold instead of
 * `True` and `null` instead of `False`; a dead owner does not block everybody for ever; releasing
 * a free lock throws `LockNotHeldError`.
 *
 * @example
 * ```ts
 * import { Lock } from '@multiproc/lock';
 *
 * const lock = new Lock();
 * const sum = await lock.runExclusive(() => 1 + 1);
 * console.log(sum); // → 2
 * ```
 */
export class Lock extends SharedObject implements Releasable {
  static {
    registerType({ name: 'Lock', shared: Lock, module: import.meta.url });
  }

  /** Content: the five words of a mutex, see `MutexWord`. */
  readonly #mutex!: MutexWord;
  /** The latest acquisition by this agent: no other hold may release the lock. */
  #hold: Hold | undefined;
  readonly #afterRelease = new AfterRelease();

  /**
   * Makes a lock that nobody holds, or finds the one with the name.
   *
   * @param options - `name`, to share the lock without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: NameOptions);
  /** @internal */
  constructor(options: NameOptions | Attachment);
  constructor(options: NameOptions | Attachment = {}) {
    const source = openObject(SPEC, options);
    if (source instanceof Lock) return source;
    super(SPEC, source);
    const mutex = new MutexWord(this.family.memory, this.content, this.family.agent);
    this.keepWhile(() => mutex.isMine);
    this.#mutex = mutex;
  }

  /**
   * The lock that a handle names.
   *
   * @param handle - `handle` of a lock of this family
   * @returns the same object for the same lock
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its lock is gone
   */
  static from(handle: Handle): Lock {
    return attach(handle, 'Lock') as Lock;
  }

  /**
   * Waits for the lock without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns a hold, or `null` after the time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   * @throws the signal's reason, when that is aborted before the lock is acquired
   */
  acquire(options?: UntimedOptions): Promise<Hold>;
  /** As above, and `null` after the time-out. */
  acquire(options: WaitOptions): Promise<Hold | null>;
  async acquire(options: WaitOptions = NO_OPTIONS): Promise<Hold | null> {
    this.checkUsable();
    const { pending } = this.family.agent;
    const { events } = this.#mutex;
    // A call that finds others waiting goes behind them.
    if (options === NO_OPTIONS && !pending.has(events) && this.#mutex.takeFree()) {
      const hold = this.#enter(false);
      if (isTurnOver()) await nextTurn();
      return hold;
    }
    return this.#granted(await blockAsync(pending, events, this.#mutex, options));
  }

  /**
   * Waits for the lock and blocks the thread. A thread that blocks on a lock which one of its own
   * asynchronous functions holds waits until some other agent releases it.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns a hold, or `null` after the time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  acquireSync(options?: UntimedOptions): Hold;
  /** As above, and `null` after the time-out. */
  acquireSync(options: WaitOptions): Hold | null;
  acquireSync(options: WaitOptions = NO_OPTIONS): Hold | null {
    this.checkUsable();
    if (options === NO_OPTIONS && this.#mutex.takeFree()) return this.#enter(false);
    return this.#granted(block(this.family.agent, this.#mutex.events, this.#mutex, options));
  }

  /**
   * Runs a function while this agent holds the lock, and releases it whatever happens.
   *
   * @param fn - may be asynchronous; the lock is held until its promise has settled
   * @param options - `timeout` in milliseconds, `signal`; both end the wait, not the function
   * @returns what `fn` returned
   * @throws what `fn` threw; TimeoutError (`ERR_TIMEOUT`) after the time-out
   */
  async runExclusive<Result>(
    fn: () => Result | Promise<Result>,
    options: WaitOptions = NO_OPTIONS,
  ): Promise<Result> {
    checkFunction(fn, 'fn');
    const hold = await this.acquire(options);
    if (!hold) throw new TimeoutError(`the lock was not free within ${options.timeout} ms`);
    try {
      return await fn();
    } finally {
      hold[Symbol.dispose]();
    }
  }

  /**
   * Releases the lock, whoever acquired it.
   *
   * @throws {@link LockNotHeldError} when nobody holds it
   */
  release(): void {
    this.checkUsable();
    // The owner is read first: had the lock changed hands in between, the new owner keeps it.
    const { owner } = this.#mutex;
    if (owner !== 0 && this.#mutex.releaseFor(owner)) {
      if (owner === this.family.agent.id) this.#afterRelease.run();
      return;
    }
    throw new LockNotHeldError('the lock is not held by anybody');
  }

  /** Whether a living agent holds the lock right now. */
  locked(): boolean {
    this.checkUsable();
    return this.#mutex.isHeld;
  }

  /** @internal */
  releaseHold(hold: Hold): boolean {
    if (hold !== this.#hold) return false;
    const isReleased = this.#mutex.release();
    this.#afterRelease.run();
    return isReleased;
  }

  /** @internal Whether this agent holds the lock. */
  isOwned(): boolean {
    return this.#mutex.isMine;
  }

  /**
   * @internal Does something once this agent has given the lock away; at once when it does not hold
   * it. When somebody else releases the lock, it is done when this agent next tries to.
   */
  whenReleased(action: () => void): void {
    if (this.#mutex.isMine) this.#afterRelease.add(action);
    else action();
  }

  /** @internal Gives the lock away, for a call that takes it again. */
  suspend(): Suspended {
    const hold = this.#hold;
    this.#mutex.release();
    this.#afterRelease.run();
    return { holds: hold ? [hold] : [] };
  }

  /** @internal Takes the lock again; the hold from before releases it. */
  async resume(suspended: Suspended): Promise<void> {
    const { pending } = this.family.agent;
    this.#restore(
      suspended,
      await blockAsync(pending, this.#mutex.events, this.#mutex, NO_OPTIONS),
    );
  }

  /** @internal The same, blocking the thread. */
  resumeSync(suspended: Suspended): void {
    const { agent } = this.family;
    this.#restore(suspended, block(agent, this.#mutex.events, this.#mutex, NO_OPTIONS));
  }

  protected override use(): string | undefined {
    if (this.#mutex.isMine) return 'this agent holds it';
    const isAwaited = this.family.agent.pending.has(this.#mutex.events);
    return isAwaited ? 'a call of this agent is waiting for it' : undefined;
  }

  #granted(grant: Grant | undefined): Hold | null {
    if (grant === undefined) return null;
    if (grant === ABANDONED) warnAbandoned(this, 'Lock');
    return this.#enter(grant !== GRANTED);
  }

  #enter(abandoned: boolean): Hold {
    const hold = new Hold(this, abandoned);
    this.#hold = hold;
    return hold;
  }

  #restore({ holds }: Suspended, grant: Grant | undefined): void {
    if (grant === ABANDONED) warnAbandoned(this, 'Lock');
    this.#hold = holds[0];
    for (const hold of holds) hold.takenAgain(grant === ABANDONED);
  }
}
