import { isDeepStrictEqual } from 'node:util';
import {
  ArgumentTypeError,
  blockAsync,
  checkFunction,
  encode,
  TimeoutError,
  type WaitOptions,
} from '@multiproc/core';
import { ComputeDict } from './compute-dict.js';
import type { DictKey, Key } from './key.js';
import { KeyAttempt } from './key-attempt.js';
import { KEEP } from './store.js';

const NO_OPTIONS: WaitOptions = {};

/** Changes that depend on the value, and waiting for one. */
export abstract class AtomicDict<K extends DictKey, V> extends ComputeDict<K, V> {
  /**
   * Adds to a number, atomically: what `d[k] += 1` over a Python proxy is not.
   *
   * @param key - compared by value; one that is not there counts as 0
   * @param by - how much
   * @returns the sum
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when `by` is neither, or the value is of another type
   * @throws as `set`
   */
  increment(key: K, by?: number): number;
  /** As above, for values that are bigints. */
  increment(key: K, by: bigint): bigint;
  increment(key: K, by: number | bigint = 1): number | bigint {
    this.checkUsable();
    if (typeof by !== 'number' && typeof by !== 'bigint') {
      throw new ArgumentTypeError('by', 'a number or a bigint', by);
    }
    const probe = this.probe(key);
    let sum: number | bigint = by;
    let made = 0;
    const add = (entry: number) => {
      if (entry !== 0) sum = this.#sum(entry, by);
      made = this.store.makeShort(probe, encode(sum));
      return made;
    };
    this.changing(probe, (thorough) => {
      made = 0;
      sum = by;
      try {
        return this.store.update(probe, thorough, add);
      } catch (error) {
        if (made !== 0) this.drop(made);
        throw error;
      }
    });
    return sum;
  }

  /**
   * Sets a value if it still is what the caller thinks.
   *
   * @param key - compared by value
   * @param expected - compared as `util.isDeepStrictEqual` does, but `-0` equals `0`; `undefined` for
   *   a key that is not there
   * @param value - to be stored
   * @returns whether it was stored
   * @throws as `set`
   */
  compareAndSet(key: K, expected: V | undefined, value: V): boolean {
    this.checkUsable();
    const isObject = typeof expected === 'object' && expected !== null;
    if (isObject || typeof expected === 'function') return this.#compareHeld(key, expected, value);
    const encoded = encode(value);
    const probe = this.probe(key);
    const made = this.makeEntry(probe, encoded);
    const compare = (entry: number) => (this.#isPrimitive(entry, expected) ? made : KEEP);
    let isStored = false;
    try {
      isStored =
        this.changing(probe, (thorough) => this.store.update(probe, thorough, compare)) === 1;
    } finally {
      if (!isStored) this.drop(made);
    }
    return isStored;
  }

  /**
   * Waits until the value of a key suits, without blocking the event loop.
   *
   * @param key - compared by value
   * @param predicate - gets the value, `undefined` for none. Called again after changes, of this key
   *   and of others, and may miss values that were there for a moment only. Left out: until the key is there
   * @param options - `timeout` in milliseconds, `signal`
   * @returns the value that suited
   * @throws TimeoutError (`ERR_TIMEOUT`) after the time-out; the signal's reason; what `predicate` throws
   */
  async waitFor(
    key: K,
    predicate: (value: V | undefined) => boolean = isThere,
    options: WaitOptions = NO_OPTIONS,
  ): Promise<V | undefined> {
    checkFunction(predicate, 'predicate');
    const mine = this.ownKey(key);
    const attempt = new KeyAttempt(mine, true, () => this.#suits(mine, predicate));
    const events = this.store.locks.changes(this.store.stripeOf(mine));
    const found = await blockAsync(this.family.agent.pending, events, attempt, options);
    if (found) return found.value;
    throw new TimeoutError(`the value of the key did not suit within ${options.timeout} ms`);
  }

  /**
   * As `waitFor`, blocking the thread.
   *
   * @param key - compared by value
   * @param predicate - as for `waitFor`
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns the value that suited
   * @throws as `waitFor`
   */
  waitForSync(
    key: K,
    predicate: (value: V | undefined) => boolean = isThere,
    options: WaitOptions = NO_OPTIONS,
  ): V | undefined {
    checkFunction(predicate, 'predicate');
    const mine = this.ownKey(key);
    const take = () => this.#suits(mine, predicate);
    const found = this.waiting(this.store.stripeOf(mine), take, options);
    if (found) return found.value;
    throw new TimeoutError(`the value of the key did not suit within ${options.timeout} ms`);
  }

  #sum(entry: number, by: number | bigint): number | bigint {
    const value = this.readPrimitive(entry)?.value;
    if (typeof value === 'number' && typeof by === 'number') return value + by;
    if (typeof value === 'bigint' && typeof by === 'bigint') return value + by;
    throw new ArgumentTypeError('the value of the key', `a ${typeof by}, to be incremented`, value);
  }

  /** Whether an entry, 0 for none, has this value, which is no object. */
  #isPrimitive(entry: number, expected: unknown): boolean {
    if (entry === 0) return expected === undefined;
    const found = this.readPrimitive(entry);
    return found !== undefined && (found.value === expected || Object.is(found.value, expected));
  }

  /** Comparing objects may run code of the user's: so it is done under the lock of the key alone. */
  #compareHeld(key: K, expected: V | undefined, value: V): boolean {
    const mine = this.ownKey(key);
    const entry = this.holdSync(mine, NO_OPTIONS);
    let next = KEEP;
    try {
      const isEqual = entry !== 0 && isDeepStrictEqual(this.heldValue(entry), expected);
      if (isEqual) next = this.entryOf(mine, value);
    } catch (error) {
      this.commit(mine, KEEP);
      throw error;
    }
    this.commit(mine, next);
    return next !== KEEP;
  }

  #suits(
    key: Key,
    predicate: (value: V | undefined) => boolean,
  ): { value: V | undefined } | undefined {
    this.family.epochs.pin();
    const entry = this.store.reader.find(key);
    if (entry === 0) this.family.epochs.unpin();
    const value = entry === 0 ? undefined : this.read(entry);
    return predicate(value) ? { value } : undefined;
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}
