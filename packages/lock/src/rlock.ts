import {
  ABANDONED,
  type Attachment,
  attach,
  block,
  blockAsync,
  checkFunction,
  checkWaitOptions,
  DeadlockError,
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
import { LockNotOwnedError } from './errors.js';
import { currentFlow, Flow, runInFlow } from './flow.js';
import { Hold, type Releasable } from './hold.js';
import type { Suspended } from './suspended.js';
import { Turn } from './turn.js';
import { warnAbandoned } from './warn-abandoned.js';

const SPEC = { type: 'RLock', bytes: MutexWord.WORDS * 4 };

const NO_OPTIONS: WaitOptions = {};

/**
 * A lock that its owner may acquire again, shared by all threads and processes of a family.
 *
 * The owner is the agent (the thread), and inside {@link RLock.runExclusive} the asynchronous
 * flow: two flows of one agent exclude each other, while everything that one flow calls may
 * acquire the lock again. The lock is free when every acquisition has been released. When its
 * owner dies or ends, the next waiter gets it and is told by `hold.abandoned`.
 *
 * Fairness is that of {@link Lock}.
 *
 * Python counterpart: `multiprocessing.RLock`. Differences: a blocking call that could only be
 * ended by the thread that it blocks throws `DeadlockError`; a dead owner does not block
 * everybody for ever.
 *
 * @example
 * ```ts
 * import { RLock } from '@multiproc/lock';
 *
 * const lock = new RLock();
 * const depth = await lock.runExclusive(() => lock.runExclusive(() => 2));
 * console.log(depth, lock.locked()); // → 2 false
 * ```
 */
export class RLock extends SharedObject implements Releasable {
  static {
    registerType({ name: 'RLock', shared: RLock, module: import.meta.url });
  }

  /** Content: the five words of a mutex. How often it is held is known to its owner alone. */
  readonly #mutex!: MutexWord;
  /** The acquisitions that this agent has not released, oldest first. */
  #holds: Hold[] = [];
  /** The flow that holds the lock, while there are holds; `undefined`: the agent as a whole. */
  #flow: Flow | undefined;
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
    if (source instanceof RLock) return source;
    super(SPEC, source);
    const mutex = new MutexWord(this.family.memory, this.content, this.family.agent);
    this.keepWhile(() => mutex.isMine);
    this.#mutex = mutex;
  }

  /**
   * The lock that a handle names.
   *
   * @param handle - `handle` of an RLock of this family
   * @returns the same object for the same lock
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its lock is gone
   */
  static from(handle: Handle): RLock {
    return attach(handle, 'RLock') as RLock;
  }

  /**
   * Waits for the lock without blocking the event loop; at once when the caller owns it.
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
    checkWaitOptions(options);
    const flow = currentFlow();
    if (this.#isOwnedBy(flow)) return this.#enter(this.#flow, false);
    const { pending } = this.family.agent;
    const { events } = this.#mutex;
    // A call that finds others waiting goes behind them.
    if (options === NO_OPTIONS && !pending.has(events) && this.#mutex.takeFree()) {
      const hold = this.#enter(flow, false);
      if (isTurnOver()) await nextTurn();
      return hold;
    }
    return (await blockAsync(pending, events, this.#turnOf(flow), options)) ?? null;
  }

  /**
   * Waits for the lock and blocks the thread; returns at once when the caller owns it.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns a hold, or `null` after the time-out. With `timeout: 0` it never waits
   * @throws DeadlockError (`ERR_DEADLOCK`) when another flow of this agent owns the lock: it could
   *   not release it while this call blocks the thread
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  acquireSync(options?: UntimedOptions): Hold;
  /** As above, and `null` after the time-out. */
  acquireSync(options: WaitOptions): Hold | null;
  acquireSync(options: WaitOptions = NO_OPTIONS): Hold | null {
    this.checkUsable();
    checkWaitOptions(options);
    const flow = currentFlow();
    if (this.#isOwnedBy(flow)) return this.#enter(this.#flow, false);
    if (this.#mutex.isMine) {
      if (options.timeout !== undefined && options.timeout <= 0) return null;
      throw new DeadlockError(
        'another asynchronous flow of this thread owns the RLock, and cannot release it while ' +
          'acquireSync() blocks the thread: use `await lock.acquire()`',
      );
    }
    if (options === NO_OPTIONS && this.#mutex.takeFree()) return this.#enter(flow, false);
    const { agent } = this.family;
    return block(agent, this.#mutex.events, this.#turnOf(flow), options) ?? null;
  }

  /**
   * Runs a function while its asynchronous flow owns the lock, and releases it whatever happens.
   * Called by a flow that owns the lock already, it runs at once.
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
    const outer = currentFlow();
    // Code that acquired the lock outside every flow must not wait for itself.
    if (this.#isOwnedBy(outer)) return this.#run(fn, options);
    return runInFlow(new Flow(outer), () => this.#run(fn, options));
  }

  /**
   * Releases the latest acquisition of the caller.
   *
   * @throws {@link LockNotOwnedError} when the caller does not own the lock
   */
  release(): void {
    this.checkUsable();
    if (!this.#isOwnedBy(currentFlow())) {
      throw new LockNotOwnedError(
        this.#mutex.isHeld
          ? 'the RLock is owned by another agent or flow: only its owner may release it'
          : 'the RLock is not held by anybody',
      );
    }
    this.releaseHold(this.#holds[this.#holds.length - 1] as Hold);
  }

  /** Whether a living agent holds the lock right now. */
  locked(): boolean {
    this.checkUsable();
    return this.#mutex.isHeld;
  }

  /** @internal */
  releaseHold(hold: Hold): boolean {
    const position = this.#holds.lastIndexOf(hold);
    if (position < 0) return false;
    this.#holds.splice(position, 1);
    if (this.#holds.length > 0) return true;
    const isReleased = this.#mutex.release();
    this.#afterRelease.run();
    return isReleased;
  }

  /** @internal Whether the caller owns the lock. */
  isOwned(): boolean {
    return this.#isOwnedBy(currentFlow());
  }

  /**
   * @internal Does something once this agent has given the lock away, at its last release; at once
   * when it does not hold it.
   */
  whenReleased(action: () => void): void {
    if (this.#mutex.isMine) this.#afterRelease.add(action);
    else action();
  }

  /** @internal Gives the lock away, however often it is held, for a call that takes it again. */
  suspend(): Suspended {
    const suspended = { holds: this.#holds, flow: this.#flow };
    this.#holds = [];
    this.#mutex.release();
    this.#afterRelease.run();
    return suspended;
  }

  /** @internal Takes the lock again, for the same flow and as often as before. */
  async resume(suspended: Suspended): Promise<void> {
    const { pending } = this.family.agent;
    await blockAsync(pending, this.#mutex.events, this.#returnOf(suspended), NO_OPTIONS);
  }

  /** @internal The same, blocking the thread. */
  resumeSync(suspended: Suspended): void {
    const { agent } = this.family;
    block(agent, this.#mutex.events, this.#returnOf(suspended), NO_OPTIONS);
  }

  protected override use(): string | undefined {
    if (this.#mutex.isMine) return 'this agent holds it';
    const isAwaited = this.family.agent.pending.has(this.#mutex.events);
    return isAwaited ? 'a call of this agent is waiting for it' : undefined;
  }

  async #run<Result>(fn: () => Result | Promise<Result>, options: WaitOptions): Promise<Result> {
    const hold = await this.acquire(options);
    if (!hold) throw new TimeoutError(`the RLock was not free within ${options.timeout} ms`);
    try {
      return await fn();
    } finally {
      hold[Symbol.dispose]();
    }
  }

  /** A flow owns what it took itself, and what the flows that it was begun in have taken. */
  #isOwnedBy(flow: Flow | undefined): boolean {
    if (this.#holds.length === 0 || !this.#mutex.isMine) return false;
    let owner = flow;
    while (owner !== undefined && owner !== this.#flow) owner = owner.outer;
    return owner === this.#flow;
  }

  #turnOf(flow: Flow | undefined): Turn<Hold> {
    return new Turn(
      this.#mutex,
      () => (this.#isOwnedBy(flow) ? this.#enter(this.#flow, false) : undefined),
      (grant) => {
        if (grant === ABANDONED) warnAbandoned(this, 'RLock');
        return this.#enter(flow, grant === ABANDONED);
      },
    );
  }

  #returnOf({ holds, flow }: Suspended): Turn<true> {
    return new Turn<true>(
      this.#mutex,
      () => undefined,
      (grant) => {
        if (grant === ABANDONED) warnAbandoned(this, 'RLock');
        this.#holds = holds;
        this.#flow = flow;
        for (const hold of holds) hold.takenAgain(grant === ABANDONED);
        return true;
      },
    );
  }

  #enter(flow: Flow | undefined, abandoned: boolean): Hold {
    this.#flow = flow;
    const hold = new Hold(this, abandoned);
    this.#holds.push(hold);
    return hold;
  }
}
