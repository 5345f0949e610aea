import {
  type Attachment,
  attach,
  checkFunction,
  type ObjectSpec,
  SharedObject,
  TimeoutError,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';
import type { Hold, Lock, RLock } from '@multiproc/lock';
import { NoLockError } from './errors.js';
import { type Kind, kindNumbered } from './kind.js';
import { LOCK, LOCK_TYPES } from './lock-plan.js';

/**
 * Content of every value and array. All of it is written by the creator, once.
 *
 * | word | meaning |
 * | --- | --- |
 * | LOCK.OFFSET, LOCK.SERIAL | the lock, which the object holds (`ObjectSpec.holds`) |
 * | LOCK.TYPE | number of its type, 0: there is no lock |
 * | KIND | number of the kind of its elements |
 * | FIRST | of a value: the element, up to eight bytes. Of an array: the number of elements |
 */
export const KIND = 3;
/** See {@link KIND}. */
export const FIRST = 4;

/** What values and arrays have in common: a kind of element, and the lock that goes with them. */
export abstract class Synchronized extends SharedObject {
  /** @internal */
  readonly kind: Kind;
  #lock: Lock | RLock | undefined;

  /** @internal */
  protected constructor(spec: ObjectSpec, source: Attachment | SharedObject | undefined) {
    super(spec, source);
    this.kind = kindNumbered(this.family.memory.words[this.content + KIND] as number);
  }

  /** Name of the kind of element: `i32` for the typecode `i`. */
  get typecode(): string {
    return this.kind.name;
  }

  /**
   * The lock that goes with this object: the one that was given, or an `RLock` of its own. Every
   * agent gets the same one.
   *
   * @throws {@link NoLockError} when it was made without a lock
   */
  getLock(): Lock | RLock {
    this.checkUsable();
    this.#lock ??= this.#attachLock();
    return this.#lock;
  }

  /**
   * Acquires the lock without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns a hold, or `null` after the time-out
   * @throws {@link NoLockError}, and what the lock throws
   */
  acquire(options?: UntimedOptions): Promise<Hold>;
  /** As above, and `null` after the time-out. */
  acquire(options: WaitOptions): Promise<Hold | null>;
  async acquire(options?: WaitOptions): Promise<Hold | null> {
    return this.getLock().acquire(options as WaitOptions);
  }

  /**
   * Acquires the lock and blocks the thread.
   *
   * @param options - `timeout` in milliseconds
   * @returns a hold, or `null` after the time-out
   * @throws {@link NoLockError}, and what the lock throws
   */
  acquireSync(options?: UntimedOptions): Hold;
  /** As above, and `null` after the time-out. */
  acquireSync(options: WaitOptions): Hold | null;
  acquireSync(options?: WaitOptions): Hold | null {
    return this.getLock().acquireSync(options as WaitOptions);
  }

  /**
   * Releases the lock.
   *
   * @throws {@link NoLockError}, and what the lock throws
   */
  release(): void {
    this.getLock().release();
  }

  /**
   * Runs a function while this agent holds the lock, and releases it whatever happens.
   *
   * @param fn - may be asynchronous; the lock is held until its promise has settled
   * @param options - `timeout` in milliseconds, `signal`; both end the wait, not the function
   * @returns what `fn` returned
   * @throws what `fn` threw; {@link NoLockError}; TimeoutError (`ERR_TIMEOUT`) after the time-out
   */
  async runExclusive<Result>(
    fn: () => Result | Promise<Result>,
    options?: WaitOptions,
  ): Promise<Result> {
    return this.getLock().runExclusive(fn, options);
  }

  /** Runs a blocking function under the lock. */
  protected runExclusiveSync<Result>(fn: () => Result, options?: WaitOptions): Result {
    checkFunction(fn, 'fn');
    const hold = this.acquireSync(options as WaitOptions);
    if (!hold) throw new TimeoutError(`the lock was not free within ${options?.timeout} ms`);
    try {
      return fn();
    } finally {
      hold[Symbol.dispose]();
    }
  }

  protected override use(): undefined {
    return undefined;
  }

  #attachLock(): Lock | RLock {
    const { words } = this.family.memory;
    const type = LOCK_TYPES[words[this.content + LOCK.TYPE] as number];
    if (!type) {
      throw new NoLockError(
        `this ${this.handle.type} was made without a lock: make a Value or SharedArray, and leave ` +
          '`lock: false` out',
      );
    }
    const offset = words[this.content + LOCK.OFFSET] as number;
    const serial = words[this.content + LOCK.SERIAL] as number;
    return attach({ family: this.family.id, type, offset, serial }) as Lock | RLock;
  }
}
