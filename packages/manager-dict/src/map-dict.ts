import {
  ArenaFullError,
  ArgumentTypeError,
  type Encoded,
  encode,
  isMultiprocError,
} from '@multiproc/core';
import { IterableDict } from './iterable-dict.js';
import { type DictKey, Key } from './key.js';
import { BUSY, MINE } from './key-owner.js';

/** Values of so many bytes are copied under the lock of their stripe, which takes less than a microsecond. */
const SHORT = 4096;

/** The methods of a `Map`, and those for several keys. */
export abstract class MapDict<K extends DictKey, V> extends IterableDict<K, V> {
  /**
   * How many keys there are. Exact when nobody changes the dictionary meanwhile.
   *
   * @throws DisposedError (`ERR_DISPOSED`)
   */
  get size(): number {
    this.checkUsable();
    return this.store.all.size;
  }

  /**
   * The value of a key. Takes no lock, makes no system call and never waits.
   *
   * An object or array is a copy, frozen through and through: a change of it would be lost, and so
   * it throws. What cannot be frozen (a typed array, a Map, an instance of a class) is a plain copy.
   * Shared objects are the objects themselves.
   *
   * @param key - compared by value
   * @returns the value; `undefined` when the key is not there
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it cannot be a key
   * @throws DecodeError (`ERR_DECODE`) when this agent lacks a class or module of the value
   */
  get(key: K): V | undefined {
    this.checkUsable();
    const probe = this.probe(key);
    const { epochs } = this.family;
    epochs.pin();
    const entry = this.store.reader.find(probe);
    if (entry !== 0) return this.read(entry);
    epochs.unpin();
    return undefined;
  }

  /**
   * Whether the key is there. As `get`, without the value.
   *
   * @param key - compared by value
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it cannot be a key
   */
  has(key: K): boolean {
    this.checkUsable();
    const probe = this.probe(key);
    const { epochs } = this.family;
    epochs.pin();
    const entry = this.store.reader.find(probe);
    epochs.unpin();
    return entry !== 0;
  }

  /**
   * Sets the value of a key: one store, so that everybody sees the old or the new value. Waits only
   * while another agent computes the value of this key.
   *
   * @param key - compared by value; a new one comes behind all others
   * @param value - anything that can travel; a shared object stays alive while it is in here
   * @returns this dictionary
   * @throws ArgumentTypeError, ArgumentRangeError when it cannot be a key
   * @throws EncodeError (`ERR_ENCODE`) with the path of what cannot travel
   * @throws ArenaFullError (`ERR_ARENA_FULL`); the dictionary is as it was
   * @throws DeadlockError (`ERR_DEADLOCK`) when this agent computes the value of this key right now
   */
  set(key: K, value: V): this {
    this.checkUsable();
    // First, because it may run code of the user's, which may use the probe.
    const encoded = encode(value);
    const probe = this.probe(key);
    if (encoded.byteLength <= SHORT && encoded.references.length === 0) {
      this.#setShort(probe, encoded);
      return this;
    }
    const entry = this.makeEntry(probe, encoded);
    try {
      if (this.store.set(probe, entry, false) < 0) this.#setLater(probe, entry);
    } catch (error) {
      this.#setAgain(probe, entry, error);
    }
    return this;
  }

  #setShort(key: Key, encoded: Encoded): void {
    let result = BUSY;
    try {
      result = this.store.setShort(key, encoded, false);
    } catch (error) {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      this.store.all.collect();
    }
    // No code of the user's runs while this waits, so what was encoded stays.
    if (result < 0) {
      this.changing(key, (thorough) => this.store.setShort(key, encoded, thorough));
    }
  }

  /** Sets a key whose value somebody else computes, or that had no room. */
  #setLater(key: Key, entry: number): void {
    this.changing(key, (thorough) => this.store.set(key, entry, thorough));
  }

  #setAgain(key: Key, entry: number, error: unknown): void {
    try {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      this.store.all.collect();
      this.#setLater(key, entry);
    } catch (final) {
      this.drop(entry);
      throw final;
    }
  }

  /**
   * Takes a key out. Waits only while another agent computes its value.
   *
   * @param key - compared by value
   * @returns whether it was there
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it cannot be a key
   * @throws DeadlockError (`ERR_DEADLOCK`) when this agent computes the value of this key right now
   */
  delete(key: K): boolean {
    this.checkUsable();
    const probe = this.probe(key);
    return this.changing(probe, (thorough) => this.store.delete(probe, thorough)) === 1;
  }

  /**
   * Takes everything out, in one step. Waits while another agent computes a value.
   *
   * @throws DeadlockError (`ERR_DEADLOCK`) when this agent computes a value right now
   */
  clear(): void {
    this.checkUsable();
    try {
      this.#clear();
    } catch (error) {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      // Taking single keys out needs no memory.
      for (const key of this.keys()) this.delete(key);
    }
  }

  /** `ManagerDict`. */
  get [Symbol.toStringTag](): string {
    return 'ManagerDict';
  }

  /**
   * The values of several keys.
   *
   * @param keys - compared by value
   * @returns one value for each, `undefined` for those that are not there
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when one cannot be a key
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.checkUsable();
    return Array.from(keys, (key) => this.get(key));
  }

  /**
   * Sets several keys, one after the other. All values are encoded and have their memory before the
   * first is stored, so one that cannot travel, or that has no room, leaves the dictionary as it was.
   * Others may see some of the keys set and some not yet.
   *
   * What can still fail then is that the dictionary itself must grow and the arena is full, or that
   * this agent computes the value of one of the keys. The keys in front of that one are set then, and
   * no other is; the message of an ArenaFullError says how many there are.
   *
   * @param entries - keys and values, for example a `Map`
   * @throws as `set`
   */
  setMany(entries: Iterable<readonly [K, V]>): void {
    this.checkUsable();
    checkIterable(entries, 'entries');
    const made = this.#makeAll(entries);
    let stored = 0;
    try {
      for (const { key, entry } of made) {
        this.changing(key, (thorough) => this.store.set(key, entry, thorough));
        stored++;
      }
    } catch (error) {
      for (const { entry } of made.slice(stored)) this.drop(entry);
      if (stored === 0 || !isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      const set = `the first ${stored} of ${made.length} keys are set, the others are not`;
      throw new ArenaFullError(`${error.message} (${set})`);
    }
  }

  #clear(): void {
    const where = { stripe: 0 };
    for (;;) {
      const result = this.store.all.clear(false, where);
      if (result === 0) return;
      const { stripe } = where;
      if (result === MINE) throw this.deadlock();
      const take = (thorough: boolean) => {
        const late = this.store.all.clear(thorough, where);
        if (late === MINE) throw this.deadlock();
        // Now somebody computes a key of another stripe, where other waiters are woken.
        if (late === BUSY) return where.stripe === stripe ? undefined : false;
        return true;
      };
      if (this.waiting(stripe, take, {})) return;
    }
  }

  #makeAll(entries: Iterable<readonly [K, V]>): Made[] {
    const made: Made[] = [];
    try {
      for (const pair of entries) {
        if (typeof pair !== 'object' || pair === null) {
          throw new ArgumentTypeError('entries', 'iterable pairs of key and value', pair);
        }
        const key = new Key().set(pair[0], this.seed);
        made.push({ key, entry: this.entryOf(key, pair[1]) });
      }
    } catch (error) {
      for (const { entry } of made) this.drop(entry);
      throw error;
    }
    return made;
  }
}

interface Made {
  readonly key: Key;
  readonly entry: number;
}

/** Refuses what is not iterable. */
export function checkIterable(value: unknown, argument: string): void {
  const isIterable = typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] === 'function';
  if (!isIterable) throw new ArgumentTypeError(argument, 'iterable', value);
}
