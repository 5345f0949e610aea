import { inspect } from 'node:util';
import { encode } from '@multiproc/core';
import { KeyNotFoundError } from './errors.js';
import type { DictKey, Key } from './key.js';
import { MapDict } from './map-dict.js';
import { KEEP } from './store.js';

/** The methods of Python's `dict` that a `Map` lacks. */
export abstract class PythonDict<K extends DictKey, V> extends MapDict<K, V> {
  /**
   * Takes a key out and gives its value.
   *
   * @param key - compared by value
   * @returns its value
   * @throws {@link KeyNotFoundError} (`ERR_KEY_NOT_FOUND`) when it is not there
   * @throws as `delete`; DecodeError (`ERR_DECODE`) when this agent lacks a class of the value, which is lost then
   */
  pop(key: K): V;
  /** As above, and the other value when the key is not there. */
  pop<Other>(key: K, other: Other): V | Other;
  pop<Other>(key: K, ...others: [] | [Other]): V | Other {
    this.checkUsable();
    const taken = this.#take(this.probe(key));
    if (taken) return taken.value;
    if (others.length > 0) return others[0] as Other;
    throw new KeyNotFoundError(`there is no key ${inspect(key)} in the dictionary`);
  }

  /**
   * Takes the key that came last out.
   *
   * @returns it and its value
   * @throws {@link KeyNotFoundError} (`ERR_KEY_NOT_FOUND`) when the dictionary is empty
   * @throws as `pop`
   */
  popitem(): [K, V] {
    const { epochs } = this.family;
    for (;;) {
      this.checkUsable();
      epochs.pin();
      const entry = this.store.reader.last();
      const key = entry === 0 ? undefined : this.keyOf(entry);
      epochs.unpin();
      if (entry === 0) throw new KeyNotFoundError('popitem(): the dictionary is empty');
      const taken = this.#take(this.probe(key));
      // Somebody else may have been faster.
      if (taken) return [key as K, taken.value];
    }
  }

  /**
   * The value of a key, which is set if it is not there. Of several agents that ask at the same
   * time, one sets it, and all get that one's value.
   *
   * @param key - compared by value
   * @param value - for a key that is not there
   * @returns the value that the key has now
   * @throws as `set`
   */
  setdefault(key: K, value: V): V {
    this.checkUsable();
    const encoded = encode(value);
    const probe = this.probe(key);
    const { epochs } = this.family;
    epochs.pin();
    const known = this.store.reader.find(probe);
    if (known !== 0) return this.read(known);
    epochs.unpin();
    const made = this.makeEntry(probe, encoded);
    return this.#setDefault(probe, made);
  }

  /**
   * Sets several keys, as `setMany`.
   *
   * @param other - pairs of key and value, or a plain object
   * @throws as `setMany`
   */
  update(other: Iterable<readonly [K, V]> | Readonly<Record<string, V>>): void {
    const isIterable = typeof (other as Iterable<unknown> | null)?.[Symbol.iterator] === 'function';
    const isObject = typeof other === 'object' && other !== null;
    this.setMany(
      isIterable || !isObject ? (other as Iterable<[K, V]>) : (Object.entries(other) as [K, V][]),
    );
  }

  /** Keys and values as a `Map` of this agent's own. */
  copy(): Map<K, V> {
    return new Map(this.entries());
  }

  /** Keys and values as an array of pairs, as Python's proxy gives a list. */
  items(): [K, V][] {
    return [...this.entries()];
  }

  /** @internal */
  override [inspect.custom](depth?: number, options: InspectOptions = {}): string {
    try {
      this.checkUsable();
    } catch {
      return super[inspect.custom]();
    }
    if (depth !== undefined && depth < 0) return '[ManagerDict]';
    const shown = new Map<K, V>();
    const most = options.maxArrayLength ?? Number.POSITIVE_INFINITY;
    const { size } = this;
    for (const [key, value] of this.entries()) {
      if (shown.size >= most) break;
      shown.set(key, value);
    }
    const text = inspect(shown, { ...options, ...(depth === undefined ? {} : { depth }) });
    const more = size - shown.size;
    const named = text.replace(/^Map\(\d+\)/, `ManagerDict(${size})`);
    return more <= 0 ? named : named.replace(/( ?\n?)\}$/, `, ... ${more} more$1}`);
  }

  /** Takes a key out and reads its value, which is not freed meanwhile. */
  #take(key: Key): { value: V } | undefined {
    const taken = this.changing(key, (thorough) =>
      this.pinned(
        () => this.store.delete(key, thorough),
        (result) => result === 1,
      ),
    );
    return taken === 1 ? { value: this.read(this.store.taken) } : undefined;
  }

  #setDefault(key: Key, made: number): V {
    let entry = 0;
    const decide = (present: number) => {
      entry = present === 0 ? made >>> 2 : present;
      return present === 0 ? made : KEEP;
    };
    try {
      this.changing(key, (thorough) =>
        this.pinned(
          () => this.store.update(key, thorough, decide),
          (result) => result >= 0,
        ),
      );
    } catch (error) {
      this.drop(made);
      throw error;
    }
    if (entry !== made >>> 2) this.drop(made);
    return this.read(entry);
  }
}

interface InspectOptions {
  readonly maxArrayLength?: number | null | undefined;
}
