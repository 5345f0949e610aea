import { type Arena, isMultiprocError, OWNED, writeBranch } from '@multiproc/core';
import { isAbsent, keyOffset, makeAbsent } from './entry.js';
import type { Key } from './key.js';
import {
  ABSENT,
  CELL,
  DICT,
  GONE,
  indexOf,
  ROOT,
  ROOT_OWNED,
  ROOT_WORDS,
  STRIPE,
  STRIPE_SHIFT,
  stripeAt,
  TABLE,
} from './layout.js';
import type { Limbo } from './limbo.js';
import { ensureCell } from './order.js';
import { addTo, lengthOf, makeTable, slotAt, slotsFor, usable } from './table.js';

/** Tables with more slots than this shrink when an eighth is in use. */
const MIN_SHRINK = 16;

/**
 * Changes the keys of a stripe. Callers hold the stripe's lock, have reserved room in its limbo,
 * and locate the key first: the other methods change what was located.
 */
export class StripeTable {
  /** Index of the located key's cell, 0: it has none. */
  cell = 0;
  /** Index of the located key's entry, or of its placeholder. */
  entry = 0;
  /** Index of the located key's entry, 0 when the key is not there. */
  present = 0;
  /** Set by `remove`; reset by who has looked whether the order should be compacted. */
  hasRemoved = false;
  readonly #arena: Arena;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #content: number;
  readonly #limbo: Limbo;
  /** The located key's slot, and one that it could have. */
  #slot = 0;
  #spare = 0;

  /**
   * @param arena - where the dictionary is
   * @param content - index of the dictionary's first word
   * @param limbo - takes over what is taken out
   */
  constructor(arena: Arena, content: number, limbo: Limbo) {
    this.#arena = arena;
    this.#words = arena.memory.words;
    this.#bytes = arena.memory.bytes;
    this.#content = content;
    this.#limbo = limbo;
  }

  /** Looks for a key under its stripe's lock, its placeholder included. */
  locate(key: Key): void {
    const words = this.#words;
    const { hash } = key;
    this.#slot = this.cell = this.entry = this.present = this.#spare = 0;
    const table = this.#table(hash >>> STRIPE_SHIFT);
    if (table === 0) return;
    const mask = words[table + TABLE.MASK] as number;
    for (let number = hash & mask; ; number = (number + 1) & mask) {
      const slot = slotAt(table, number);
      const cell = words[slot + TABLE.CELL] as number;
      if (cell > 0) {
        if (words[slot + TABLE.HASH] === hash && this.#isAt(key, cell)) {
          this.#slot = slot;
          return;
        }
      } else {
        if (this.#spare === 0) this.#spare = slot;
        if (cell === 0) return;
      }
    }
  }

  /** Whether a cell is that of the key; if so, it is located. */
  #isAt(key: Key, cell: number): boolean {
    const words = this.#words;
    const entry = indexOf(words[cell + CELL.ENTRY] as number);
    if (entry === 0) return false;
    const at = keyOffset(words, entry);
    if (!key.equals(words, this.#bytes, at)) return false;
    this.cell = cell;
    this.entry = entry;
    this.present = ((words[at >>> 2] as number) & ABSENT) === 0 ? entry : 0;
    return true;
  }

  /**
   * Stores an entry, whether the key is there or not.
   *
   * @returns 1 when it was there, 0 when not
   * @throws ArenaFullError; nothing is changed then
   */
  put(stripe: number, key: Key, entry: number): number {
    if (this.present !== 0) {
      this.replace(stripe, entry);
      return 1;
    }
    // Left by an agent that died while it computed the value.
    if (this.cell !== 0) this.remove(stripe);
    this.insert(stripe, key, entry);
    return 0;
  }

  /** Gives the located key, which is there, another entry. */
  replace(stripe: number, entry: number): void {
    const old = this.entry;
    // Commits: publishes the entry to `find` and `next`.
    Atomics.store(this.#words, this.cell + CELL.ENTRY, entry | OWNED.PAYLOAD);
    this.#limbo.retire(stripe, (old * 4) | OWNED.PAYLOAD, this.#words[old] as number);
  }

  /** Puts the located key, which is not there, behind all others. */
  insert(stripe: number, key: Key, entry: number): void {
    const words = this.#words;
    const root = this.#ensureRoot();
    this.#ensureSlot(root, stripe, key);
    // A chunk that cannot be had is noticed before a position is taken.
    ensureCell(this.#arena, root, Atomics.load(words, root + ROOT.NEXT));
    const cell = ensureCell(this.#arena, root, Atomics.add(words, root + ROOT.NEXT, 1));
    words[cell + CELL.HASH] = key.hash;
    const slot = this.#spare;
    const wasFree = words[slot + TABLE.CELL] === 0;
    Atomics.store(words, slot + TABLE.HASH, key.hash);
    // Publishes a cell without an entry, which `find` passes over.
    Atomics.store(words, slot + TABLE.CELL, cell);
    // Commits: publishes the entry to `find` and `next`.
    Atomics.store(words, cell + CELL.ENTRY, entry | OWNED.PAYLOAD);
    this.#slot = slot;
    this.cell = cell;
    this.entry = entry >>> 2;
    this.present = isAbsent(words, this.entry) ? 0 : this.entry;
    if (this.present !== 0) this.#countLive(stripe, 1);
    if (wasFree) (words[this.#usedAt(stripe)] as number)++;
  }

  /** Takes the located key, or its placeholder, out. */
  remove(stripe: number): void {
    const words = this.#words;
    const entry = this.entry;
    if (this.present !== 0) this.#countLive(stripe, -1);
    // Commits.
    Atomics.store(words, this.cell + CELL.ENTRY, 0);
    Atomics.store(words, this.#slot + TABLE.CELL, GONE);
    this.#limbo.retire(stripe, (entry * 4) | OWNED.PAYLOAD, words[entry] as number);
    this.#spare = this.#slot;
    this.#slot = this.cell = this.entry = this.present = 0;
    const root = indexOf(words[this.#content + DICT.ROOT] as number);
    Atomics.add(words, root + ROOT.DEAD, 1);
    this.hasRemoved = true;
  }

  /** Puts a placeholder, so that there is a cell to lock. */
  putAbsent(stripe: number, key: Key): void {
    const entry = makeAbsent(this.#arena, key);
    try {
      this.insert(stripe, key, entry);
    } catch (error) {
      this.#arena.free(entry);
      throw error;
    }
  }

  /** Makes sure that `#spare` is a slot for a key that is not there. */
  #ensureSlot(root: number, stripe: number, key: Key): void {
    const table = this.#table(stripe);
    const isGone = this.#spare !== 0 && this.#words[this.#spare + TABLE.CELL] === GONE;
    if (isGone) return;
    const used = this.#words[this.#usedAt(stripe)] as number;
    const slots = table === 0 ? 0 : (this.#words[table + TABLE.MASK] as number) + 1;
    if (used + 1 <= usable(slots)) return;
    try {
      this.#rebuild(root, stripe);
    } catch (error) {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL') || used + 2 > slots) throw error;
      return;
    }
    this.locate(key);
  }

  /** Makes the table smaller when little of it is in use. Forgets what was located. */
  shrink(stripe: number): void {
    const root = indexOf(this.#words[this.#content + DICT.ROOT] as number);
    const table = this.#table(stripe);
    const live = this.#words[this.#content + stripeAt(stripe) + STRIPE.LIVE] as number;
    const slots = (this.#words[table + TABLE.MASK] as number) + 1;
    if (slots <= MIN_SHRINK || live * 8 > slots) return;
    try {
      this.#rebuild(root, stripe);
    } catch (error) {
      // It stays as large as it is.
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
    }
  }

  /** Replaces a stripe's table; readers of the old one go on in it. */
  #rebuild(root: number, stripe: number): void {
    const words = this.#words;
    const old = this.#table(stripe);
    const cells = [...this.#cellsOf(old)];
    const offset = makeTable(this.#arena, slotsFor(cells.length + 1));
    for (const cell of cells) addTo(words, offset >>> 2, words[cell + CELL.HASH] as number, cell);
    // Publishes the table to `find`; the keys in it are the same.
    Atomics.store(words, root + ROOT.TABLES + stripe, offset | OWNED.BLOCK);
    words[this.#usedAt(stripe)] = cells.length;
    if (old === 0) return;
    this.#limbo.retire(
      stripe,
      (old * 4) | OWNED.BLOCK,
      lengthOf(words[old + TABLE.MASK] as number),
    );
  }

  /** The cells of a table that have an entry, be it a placeholder. */
  *#cellsOf(table: number): Generator<number> {
    const slots = table === 0 ? 0 : (this.#words[table + TABLE.MASK] as number) + 1;
    for (let number = 0; number < slots; number++) {
      const cell = this.#words[slotAt(table, number) + TABLE.CELL] as number;
      if (cell > 0 && this.#words[cell + CELL.ENTRY] !== 0) yield cell;
    }
  }

  #table(stripe: number): number {
    const root = indexOf(Atomics.load(this.#words, this.#content + DICT.ROOT));
    return root === 0 ? 0 : indexOf(this.#words[root + ROOT.TABLES + stripe] as number);
  }

  #ensureRoot(): number {
    const words = this.#words;
    const word = this.#content + DICT.ROOT;
    const known = indexOf(Atomics.load(words, word));
    if (known !== 0) return known;
    const offset = this.#arena.allocate(ROOT_WORDS * 4);
    const root = offset >>> 2;
    words.fill(0, root, root + ROOT_WORDS);
    writeBranch(words, root, { count: ROOT_OWNED, first: ROOT.JUNK });
    // Publishes the root. The owner of another stripe may have been faster.
    const before = Atomics.compareExchange(words, word, 0, offset | OWNED.BRANCH);
    if (before === 0) return root;
    this.#arena.free(offset);
    return indexOf(before);
  }

  /** Other than USED, it is read without the lock, to be added up. */
  #countLive(stripe: number, by: number): void {
    const index = this.#content + stripeAt(stripe) + STRIPE.LIVE;
    Atomics.store(this.#words, index, (this.#words[index] as number) + by);
  }

  #usedAt(stripe: number): number {
    return this.#content + stripeAt(stripe) + STRIPE.USED;
  }

  /** Counts what an owner of the lock that died may have left uncounted. */
  recount(stripe: number): void {
    const words = this.#words;
    const table = this.#table(stripe);
    let used = 0;
    const slots = table === 0 ? 0 : (words[table + TABLE.MASK] as number) + 1;
    for (let number = 0; number < slots; number++) {
      if (words[slotAt(table, number) + TABLE.CELL] !== 0) used++;
    }
    let live = 0;
    for (const cell of this.#cellsOf(table)) {
      if (!isAbsent(words, indexOf(words[cell + CELL.ENTRY] as number))) live++;
    }
    words[this.#usedAt(stripe)] = used;
    Atomics.store(words, this.#content + stripeAt(stripe) + STRIPE.LIVE, live);
  }
}
