import {
  blockAsync,
  checkFunction,
  checkWaitOptions,
  DeadlockError,
  TimeoutError,
  type WaitOptions,
} from '@multiproc/core';
import { type DictKey, Key } from './key.js';
import { KeyAttempt } from './key-attempt.js';
import { computeBlocking, computeInFlow, isComputing } from './key-flow.js';
import { MINE } from './key-owner.js';
import { PythonDict } from './python-dict.js';
import { KEEP, REMOVE } from './store.js';

const NO_OPTIONS: WaitOptions = {};

/** Values that are computed by a function of the user's, under a lock of their key alone. */
export abstract class ComputeDict<K extends DictKey, V> extends PythonDict<K, V> {
  /**
   * Changes a value by what it is, while nobody else changes it. Other keys are free meanwhile, and
   * `get` gives the old value. If this agent dies, the old value stays.
   *
   * Whoever changes the same key waits: awaiting calls without blocking their event loop, `set` and
   * its like blocking it. Calls of one agent come in the order in which they were made.
   *
   * @param key - compared by value; a new one comes behind all others when the value is stored
   * @param fn - gets the value, `undefined` for none, and gives the new one; `undefined` takes the
   *   key out. May be asynchronous. Called once
   * @param options - `timeout` in milliseconds and `signal`; both end the wait for the key, not `fn`
   * @returns what `fn` gave
   * @throws what `fn` throws; the key is as it was then
   * @throws DeadlockError (`ERR_DEADLOCK`) when the caller is called from `fn` of the same key
   * @throws TimeoutError (`ERR_TIMEOUT`) after the time-out; the signal's reason
   * @throws as `set`
   */
  async compute<Value extends V | undefined>(
    key: K,
    fn: (value: V | undefined) => Value | Promise<Value>,
    options: WaitOptions = NO_OPTIONS,
  ): Promise<Value> {
    checkFunction(fn, 'fn');
    const mine = this.ownKey(key);
    const entry = await this.#hold(mine, options);
    return this.#computed(mine, entry, fn);
  }

  /**
   * As `compute`, blocking the thread while another agent computes the value.
   *
   * @param key - compared by value
   * @param fn - not asynchronous
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns what `fn` gave
   * @throws DeadlockError (`ERR_DEADLOCK`) when any function of this agent computes the value
   * @throws as `compute`
   */
  computeSync<Value extends V | undefined>(
    key: K,
    fn: (value: V | undefined) => Value,
    options: WaitOptions = NO_OPTIONS,
  ): Value {
    checkFunction(fn, 'fn');
    const mine = this.ownKey(key);
    const entry = this.holdSync(mine, options);
    return this.#computedSync(mine, entry, fn);
  }

  /**
   * The value of a key, which is computed if it is not there. Of several agents that ask at the
   * same time, one computes it, and the others wait for that value.
   *
   * @param key - compared by value
   * @param fn - gives the value for a key that is not there; may be asynchronous. `undefined` stores nothing
   * @param options - `timeout` in milliseconds and `signal`; both end the wait for the key, not `fn`
   * @returns the value
   * @throws as `compute`
   */
  async getOrSet<Value extends V | undefined>(
    key: K,
    fn: () => Value | Promise<Value>,
    options: WaitOptions = NO_OPTIONS,
  ): Promise<V | Value> {
    checkFunction(fn, 'fn');
    checkWaitOptions(options);
    const mine = this.ownKey(key);
    const known = this.#known(mine);
    if (known) return known.value;
    const entry = await this.#hold(mine, options);
    if (entry !== 0) return this.#kept(mine, entry);
    return this.#computed(mine, entry, fn);
  }

  /**
   * As `getOrSet`, blocking the thread while another agent computes the value.
   *
   * @param key - compared by value
   * @param fn - not asynchronous
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns the value
   * @throws as `computeSync`
   */
  getOrSetSync<Value extends V | undefined>(
    key: K,
    fn: () => Value,
    options: WaitOptions = NO_OPTIONS,
  ): V | Value {
    checkFunction(fn, 'fn');
    checkWaitOptions(options);
    const mine = this.ownKey(key);
    const known = this.#known(mine);
    if (known) return known.value;
    const entry = this.holdSync(mine, options);
    if (entry !== 0) return this.#kept(mine, entry);
    return this.#computedSync(mine, entry, fn);
  }

  /** @internal A key that stays as it is while code of the user's runs. */
  protected ownKey(key: K): Key {
    this.checkUsable();
    return new Key().set(key, this.seed);
  }

  /** @internal Locks a key; gives index of its entry, 0 for none. Blocks the thread. */
  protected holdSync(key: Key, options: WaitOptions): number {
    checkWaitOptions(options);
    const take = (thorough: boolean) => {
      const held = this.withRoom(() => this.store.hold(key, thorough));
      if (held === MINE) throw this.deadlock();
      return held < 0 ? undefined : held;
    };
    const held = take(false) ?? this.waiting(this.store.stripeOf(key), take, options);
    if (held === undefined) throw timedOut(options);
    this.held++;
    return held;
  }

  /** @internal The value of an entry of a key that this agent has locked. */
  protected heldValue(entry: number): V | undefined {
    if (entry === 0) return undefined;
    this.family.epochs.pin();
    return this.read(entry);
  }

  /** @internal Unlocks a key, with a new entry, KEEP or REMOVE. */
  protected commit(key: Key, entry: number): void {
    this.held--;
    try {
      this.store.commit(key, entry);
    } catch (error) {
      if (entry > 0) this.drop(entry);
      throw error;
    }
  }

  async #hold(key: Key, options: WaitOptions): Promise<number> {
    if (isComputing(this, key)) throw reentered();
    const attempt = new KeyAttempt(key, false, (thorough) => {
      const held = this.withRoom(() => this.store.hold(key, thorough));
      if (held < 0) return undefined;
      this.held++;
      return held;
    });
    const events = this.store.locks.changes(this.store.stripeOf(key));
    const held = await blockAsync(this.family.agent.pending, events, attempt, options);
    if (held === undefined) throw timedOut(options);
    return held;
  }

  async #computed<Value>(
    key: Key,
    entry: number,
    fn: (value: V | undefined) => Value | Promise<Value>,
  ): Promise<Value> {
    let [value, next]: [Value | undefined, number] = [undefined, KEEP];
    try {
      value = await computeInFlow(this, key, async () => fn(this.heldValue(entry)));
      next = value === undefined ? REMOVE : this.entryOf(key, value);
    } catch (error) {
      this.commit(key, KEEP);
      throw error;
    }
    this.commit(key, next);
    return value;
  }

  #computedSync<Value>(key: Key, entry: number, fn: (value: V | undefined) => Value): Value {
    let [value, next]: [Value | undefined, number] = [undefined, KEEP];
    try {
      value = computeBlocking(this, key, () => fn(this.heldValue(entry)));
      next = value === undefined ? REMOVE : this.entryOf(key, value);
    } catch (error) {
      this.commit(key, KEEP);
      throw error;
    }
    this.commit(key, next);
    return value;
  }

  #known(key: Key): { value: V } | undefined {
    this.family.epochs.pin();
    const entry = this.store.reader.find(key);
    if (entry !== 0) return { value: this.read(entry) };
    this.family.epochs.unpin();
    return undefined;
  }

  /** Gives a value that was there after all. */
  #kept(key: Key, entry: number): V {
    try {
      return this.heldValue(entry) as V;
    } finally {
      this.commit(key, KEEP);
    }
  }
}

function timedOut({ timeout }: WaitOptions): TimeoutError {
  return new TimeoutError(`the key was not free within ${timeout} ms: its value is being computed`);
}

function reentered(): DeadlockError {
  return new DeadlockError(
    'the function that computes the value of this key waits for the same key, so neither could ' +
      'ever end: use the value that the function was given',
  );
}
