import type { Memory } from '@multiproc/core';
import { isAbsent, keyOffset } from './entry.js';
import type { Key } from './key.js';
import { ABSENT, CELL, DICT, GONE, indexOf, ROOT, STRIPE_SHIFT, TABLE } from './layout.js';
import { cellAt, chunkOf, chunkStart, placeAt, positionAfter, type Reached } from './order.js';
import { slotAt } from './table.js';

/** Reads a dictionary without a lock. Callers are pinned, and stay so while they read an entry. */
export class Reader {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #content: number;

  /**
   * @param memory - the family's memory
   * @param content - index of the dictionary's first word
   */
  constructor(memory: Memory, content: number) {
    this.#words = memory.words;
    this.#bytes = memory.bytes;
    this.#content = content;
  }

  /**
   * Index of the key's entry, 0 when there is none.
   */
  find(key: Key): number {
    const words = this.#words;
    const root = indexOf(Atomics.load(words, this.#content + DICT.ROOT));
    if (root === 0) return 0;
    const { hash } = key;
    const table = indexOf(Atomics.load(words, root + ROOT.TABLES + (hash >>> STRIPE_SHIFT)));
    if (table === 0) return 0;
    const mask = words[table + TABLE.MASK] as number;
    for (let number = hash & mask; ; number = (number + 1) & mask) {
      const slot = slotAt(table, number);
      // Before HASH, which it publishes.
      const cell = Atomics.load(words, slot + TABLE.CELL);
      if (cell === 0) return 0;
      if (cell === GONE || words[slot + TABLE.HASH] !== hash) continue;
      const entry = indexOf(Atomics.load(words, cell + CELL.ENTRY));
      if (entry === 0) continue;
      const at = keyOffset(words, entry);
      if (!key.equals(words, this.#bytes, at)) continue;
      return ((words[at >>> 2] as number) & ABSENT) === 0 ? entry : 0;
    }
  }

  /**
   * The first key at a place in order, or behind it.
   *
   * @returns index of its entry, 0 when there is none; `after` is set to go on from
   */
  next(after: Reached): number {
    const words = this.#words;
    const root = indexOf(Atomics.load(words, this.#content + DICT.ROOT));
    if (root === 0) return 0;
    const end = Atomics.load(words, root + ROOT.NEXT);
    for (let position = positionAfter(words, root, after); position < end; position++) {
      const cell = cellAt(words, root, position);
      if (cell === 0) {
        position = chunkStart(chunkOf(position) + 1) - 1;
        continue;
      }
      const entry = indexOf(Atomics.load(words, cell + CELL.ENTRY));
      if (entry === 0 || isAbsent(words, entry)) continue;
      after.place = placeAt(words, root, position);
      after.position = position;
      return entry;
    }
    return 0;
  }

  /** Index of the entry of the last key in order, 0 when there is none. */
  last(): number {
    const words = this.#words;
    const root = indexOf(Atomics.load(words, this.#content + DICT.ROOT));
    if (root === 0) return 0;
    for (let position = Atomics.load(words, root + ROOT.NEXT) - 1; position >= 0; position--) {
      const cell = cellAt(words, root, position);
      if (cell === 0) continue;
      const entry = indexOf(Atomics.load(words, cell + CELL.ENTRY));
      if (entry !== 0 && !isAbsent(words, entry)) return entry;
    }
    return 0;
  }
}
