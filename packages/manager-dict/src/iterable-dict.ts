import { checkFunction } from '@multiproc/core';
import { DictBase } from './dict-base.js';
import type { DictKey } from './key.js';
import type { Reached } from './order.js';

/** A dictionary's keys and values one after the other, while others change them. */
export abstract class IterableDict<K extends DictKey, V> extends DictBase<K, V> {
  /**
   * The keys in the order in which they came. Iterators follow the dictionary, as those of a `Map`:
   * a key that is there throughout comes exactly once, whatever others do meanwhile.
   */
  *keys(): IterableIterator<K> {
    const reached = { place: -1, position: -1 };
    for (let entry = this.#next(reached); entry !== 0; entry = this.#next(reached)) {
      const key = this.keyOf(entry);
      this.family.epochs.unpin();
      yield key;
    }
  }

  /** The values, in the order of the keys; see `keys` and `get`. */
  *values(): IterableIterator<V> {
    const reached = { place: -1, position: -1 };
    for (let entry = this.#next(reached); entry !== 0; entry = this.#next(reached)) {
      yield this.read(entry);
    }
  }

  /** Keys and values; each pair was in the dictionary at one moment. See `keys` and `get`. */
  *entries(): IterableIterator<[K, V]> {
    const reached = { place: -1, position: -1 };
    for (let entry = this.#next(reached); entry !== 0; entry = this.#next(reached)) {
      const key = this.keyOf(entry);
      yield [key, this.read(entry)];
    }
  }

  /** The same as `entries`. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /**
   * Calls a function for each key, in order.
   *
   * @param fn - gets the value, the key and this dictionary
   * @param thisArg - `this` of the function
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when `fn` is no function
   */
  forEach(fn: (value: V, key: K, dict: this) => void, thisArg?: unknown): void {
    checkFunction(fn, 'fn');
    for (const [key, value] of this.entries()) fn.call(thisArg, value, key, this);
  }

  /** The next entry, with a pin on it; 0: none, and no pin. */
  #next(reached: Reached): number {
    this.checkUsable();
    const { epochs } = this.family;
    epochs.pin();
    const entry = this.store.reader.next(reached);
    if (entry === 0) epochs.unpin();
    return entry;
  }
}
