import {
  ArgumentRangeError,
  ArgumentTypeError,
  type Attachment,
  attach,
  checkFunction,
  checkOptions,
  checkWaitOptions,
  type Handle,
  type NameOptions,
  openObject,
  registerType,
  SharedObject,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';
import { type Hold, Lock, LockNotOwnedError, RLock } from '@multiproc/lock';
import { lockOf, QUEUE, specOf } from './condition-content.js';
import { Notifier } from './notifier.js';
import { wait, waitSync } from './wait.js';
import type { WaitNode } from './wait-node.js';
import { CHUNK_BYTES, WaitQueue } from './wait-queue.js';

const NO_OPTIONS: WaitOptions = {};

/** Options of a {@link Condition}. */
export interface ConditionOptions extends NameOptions {
  /** The lock that guards what the condition is about. Left out: a new RLock. */
  lock?: Lock | RLock | undefined;
}

/**
 * Lets calls wait until others say that something has changed, all under one lock.
 *
 * `wait` gives the lock away, waits, and has the lock again when it returns. A notification goes to
 * the call that has waited longest, and wakes exactly that one. `notify` never waits: not for the
 * waiter, and not for one that was killed. When a notified waiter dies before it has the lock
 * again, another that was waiting at that time gets its notification, within about 100 ms.
 *
 * Python counterpart: `multiprocessing.Condition`. Differences: `notify` does not block until the
 * waiters acknowledge, and a killed waiter blocks nobody.
 *
 * @example
 * ```ts
 * import { Condition } from '@multiproc/condition';
 *
 * const changed = new Condition();
 * const items: string[] = [];
 * const taken = changed.runExclusive(async () => {
 *   await changed.waitFor(() => items.length > 0);
 *   return items.pop();
 * });
 * await changed.runExclusive(() => {
 *   items.push('hello');
 *   changed.notify();
 * });
 * console.log(await taken); // → hello
 * ```
 */
export class Condition extends SharedObject {
  static {
    registerType({ name: 'Condition', shared: Condition, module: import.meta.url });
  }

  readonly #lock!: Lock | RLock;
  readonly #queue!: WaitQueue;
  readonly #notifier!: Notifier;
  /** Calls of this agent that wait. */
  #waiting = 0;

  /**
   * Makes a condition that nobody waits on, or finds the one with the name.
   *
   * @param options - `lock`, to share one with other conditions; `name`, to share the condition
   *   without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArenaFullError (`ERR_ARENA_FULL`)
   * @throws DisposedError (`ERR_DISPOSED`) when the lock has been disposed
   */
  constructor(options?: ConditionOptions);
  /** @internal */
  constructor(options: ConditionOptions | Attachment);
  constructor(options: ConditionOptions | Attachment = {}) {
    checkOptions(options);
    const { lock } = options as ConditionOptions;
    if (lock !== undefined && !(lock instanceof Lock || lock instanceof RLock)) {
      throw new ArgumentTypeError('options.lock', 'a Lock or an RLock', lock);
    }
    const made: { lock?: Lock | RLock } = {};
    const spec = specOf(() => {
      made.lock = lock ?? new RLock();
      return made.lock.handle;
    });
    const source = openObject(spec, options);
    if (source instanceof Condition) return source;
    super(spec, source);
    const { memory, agent } = this.family;
    this.#lock = made.lock ?? lockOf(this.content);
    const grow = () => this.extend(CHUNK_BYTES);
    this.#queue = new WaitQueue(memory, this.content + QUEUE, agent, grow);
    this.#notifier = new Notifier(this.#queue, this.#lock, agent);
  }

  /**
   * The condition that a handle names.
   *
   * @param handle - `handle` of a condition of this family
   * @returns the same object for the same condition
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its condition is gone
   */
  static from(handle: Handle): Condition {
    return attach(handle, 'Condition') as Condition;
  }

  /**
   * Acquires the lock without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns a hold, or `null` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   * @throws the signal's reason, when that is aborted before the lock is acquired
   */
  acquire(options?: UntimedOptions): Promise<Hold>;
  /** As above, and `null` after the time-out. */
  acquire(options: WaitOptions): Promise<Hold | null>;
  async acquire(options: WaitOptions = NO_OPTIONS): Promise<Hold | null> {
    this.checkUsable();
    return this.#lock.acquire(options);
  }

  /**
   * Acquires the lock and blocks the thread meanwhile.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns a hold, or `null` after the time-out
   * @throws DeadlockError (`ERR_DEADLOCK`) as {@link RLock.acquireSync}
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  acquireSync(options?: UntimedOptions): Hold;
  /** As above, and `null` after the time-out. */
  acquireSync(options: WaitOptions): Hold | null;
  acquireSync(options: WaitOptions = NO_OPTIONS): Hold | null {
    this.checkUsable();
    return this.#lock.acquireSync(options);
  }

  /**
   * Runs a function with the lock, and releases it whatever happens.
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
    this.checkUsable();
    return this.#lock.runExclusive(fn, options);
  }

  /**
   * Releases the lock.
   *
   * @throws LockNotHeldError (`ERR_LOCK_NOT_HELD`), LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) as
   *   the lock's own `release`
   */
  release(): void {
    this.checkUsable();
    this.#lock.release();
  }

  /** Whether a living agent holds the lock right now. */
  locked(): boolean {
    this.checkUsable();
    return this.#lock.locked();
  }

  /**
   * Gives the lock away, however often it is held, waits for a notification, and takes the lock
   * again, whatever happened. The caller's holds stay valid; their `abandoned` tells whether
   * somebody died with the lock meanwhile.
   *
   * A time-out or an aborted signal that comes after the notification has no effect.
   *
   * @param options - `timeout` in milliseconds for the notification, not for the lock; `signal`
   * @returns `true` when notified, `false` after the time-out
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   * @throws the signal's reason, once the lock is held again
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  async wait(options: WaitOptions = NO_OPTIONS): Promise<boolean> {
    const node = this.#enter(options);
    try {
      return await wait(this.family.agent, this.#lock, node, options);
    } finally {
      this.#waiting--;
    }
  }

  /**
   * As {@link Condition.wait}, blocking the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true` when notified, `false` after the time-out
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  waitSync(options: WaitOptions = NO_OPTIONS): boolean {
    const node = this.#enter(options);
    try {
      return waitSync(this.family.agent, this.#lock, node, options);
    } finally {
      this.#waiting--;
    }
  }

  /**
   * Waits until a predicate holds; it is asked at once, and after each notification.
   *
   * @param predicate - called with the lock held; may be asynchronous
   * @param options - `timeout` in milliseconds for the whole wait, `signal`
   * @returns the predicate's last value, which is falsy after the time-out
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   * @throws what the predicate throws; the signal's reason, once the lock is held again
   */
  async waitFor<Result>(
    predicate: () => Result | Promise<Result>,
    options: WaitOptions = NO_OPTIONS,
  ): Promise<Result> {
    const remaining = this.#patience(predicate, options);
    for (;;) {
      const result = await predicate();
      if (result) return result;
      const timeout = remaining();
      if (timeout <= 0) return result;
      await this.wait({ signal: options.signal, timeout });
    }
  }

  /**
   * As {@link Condition.waitFor}, blocking the thread.
   *
   * @param predicate - called with the lock held
   * @param options - `timeout` in milliseconds for the whole wait
   * @returns the predicate's last value, which is falsy after the time-out
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   * @throws what the predicate throws
   */
  waitForSync<Result>(predicate: () => Result, options: WaitOptions = NO_OPTIONS): Result {
    const remaining = this.#patience(predicate, options);
    for (;;) {
      const result = predicate();
      if (result) return result;
      const timeout = remaining();
      if (timeout <= 0) return result;
      this.waitSync({ timeout });
    }
  }

  /**
   * Notifies the calls that have waited longest; nobody, when nobody waits. They are woken when the
   * caller has released the lock, however often it holds it, and return once they have it. Never
   * waits. If the caller dies before the release, they find out by themselves within about 200 ms.
   *
   * @param n - how many calls at the most
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   * @throws ArgumentTypeError, ArgumentRangeError when `n` is not 0 or a positive integer
   */
  notify(n = 1): void {
    if (typeof n !== 'number') throw new ArgumentTypeError('n', 'a number of calls', n);
    if (!Number.isSafeInteger(n) || n < 0) {
      throw new ArgumentRangeError('n', '0 or a positive integer', n);
    }
    this.#checkOwned();
    this.#notifier.notify(n);
  }

  /**
   * Notifies all calls that wait now.
   *
   * @throws LockNotOwnedError (`ERR_LOCK_NOT_OWNED`) when the caller does not hold the lock
   */
  notifyAll(): void {
    this.#checkOwned();
    this.#notifier.notify(Number.POSITIVE_INFINITY);
  }

  /**
   * Gives up this agent's reference. Whom it has notified is woken first, before the lock is released.
   *
   * @throws DisposedError (`ERR_DISPOSED`) while a call of this agent waits
   */
  override [Symbol.dispose](): void {
    // The words may be gone when the lock is released.
    this.#notifier.wake();
    super[Symbol.dispose]();
  }

  protected override use(): string | undefined {
    return this.#waiting > 0 ? 'a call of this agent is waiting on it' : undefined;
  }

  #enter(options: WaitOptions): WaitNode {
    this.#checkOwned();
    checkWaitOptions(options);
    const node = this.#queue.enter();
    this.#waiting++;
    return node;
  }

  #checkOwned(): void {
    this.checkUsable();
    if (this.#lock.isOwned()) return;
    throw new LockNotOwnedError(
      "the caller does not hold the condition's lock: acquire the condition first",
    );
  }

  /** Checks what `waitFor` was given, and starts its clock. */
  #patience(predicate: unknown, options: WaitOptions): () => number {
    checkFunction(predicate, 'predicate');
    this.#checkOwned();
    checkWaitOptions(options);
    const end = performance.now() + (options.timeout ?? Number.POSITIVE_INFINITY);
    return () => end - performance.now();
  }
}
