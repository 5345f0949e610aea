import type { Arena, Encoded, Epochs } from '@multiproc/core';
import { entryLength, fillEntry, isAbsent } from './entry.js';
import { clearRoot, compactRoot, freeJunk } from './generations.js';
import type { Key } from './key.js';
import { CELL, DICT, indexOf, ROOT, STRIPE, STRIPE_SHIFT, STRIPES, stripeAt } from './layout.js';
import { Limbo } from './limbo.js';
import { cellAt } from './order.js';
import { Reader } from './reader.js';
import { type DictAgent, StripeLocks } from './stripe-locks.js';
import { StripeTable } from './stripe-table.js';

/** Somebody else computes the value of the key: nothing was changed. */
export const BUSY = -1;
/** This agent computes the value of the key: nothing was changed. */
export const MINE = -2;

/** What `update` may be told instead of a new entry. */
export const KEEP = 0;
/** See {@link KEEP}. */
export const REMOVE = -1;

/** Fewer dead cells are not worth a compaction. */
const MIN_DEAD = 64;

/**
 * The changes of a dictionary, each under the locks that it needs. Knows keys and entries, and
 * nothing of values: that no code of the user's ever runs under a lock is seen from here.
 */
export class Store {
  /** What is read without a lock. */
  readonly reader: Reader;
  /** The locks of the stripes, and what is woken after changes. */
  readonly locks: StripeLocks;
  /** Index of the entry that `delete` took out last; readable while the caller stays pinned. */
  taken = 0;
  readonly #arena: Arena;
  readonly #epochs: Epochs;
  readonly #agent: DictAgent;
  readonly #words: Int32Array;
  readonly #content: number;
  readonly #limbo: Limbo;
  readonly #table: StripeTable;
  readonly #onBehind: () => void;
  /** Up to so many dead cells no compaction is tried. */
  #resigned = 0;

  /**
   * @param arena - where the dictionary is
   * @param epochs - who reads
   * @param agent - who uses it
   * @param content - index of the dictionary's first word
   * @param onBehind - called when much is kept for readers: `collect` should be called soon
   */
  constructor(
    arena: Arena,
    epochs: Epochs,
    agent: DictAgent,
    content: number,
    onBehind: () => void,
  ) {
    this.#onBehind = onBehind;
    this.#arena = arena;
    this.#epochs = epochs;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#content = content;
    this.reader = new Reader(arena.memory, content);
    this.#limbo = new Limbo(arena, epochs, content);
    this.#table = new StripeTable(arena, content, this.#limbo);
    this.locks = new StripeLocks(arena, agent, content, (stripe) => this.#table.recount(stripe));
  }

  /** How many keys there are. */
  get size(): number {
    let size = 0;
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      if (this.locks.isAbandoned(stripe)) {
        this.locks.lock(stripe);
        this.locks.unlock(stripe);
      }
      size += Atomics.load(this.#words, this.#content + stripeAt(stripe) + STRIPE.LIVE);
    }
    return size;
  }

  /** The stripe of a key. */
  stripeOf(key: Key): number {
    return key.hash >>> STRIPE_SHIFT;
  }

  /**
   * Stores an entry. One store commits it, for `find` and `next` alike.
   *
   * @param entry - offset; the dictionary's from then on
   * @param thorough - also look whether somebody who computes the value has died
   * @returns 1 when the key was there, 0 when not; BUSY or MINE
   * @throws ArenaFullError; nothing is changed then
   */
  set(key: Key, entry: number, thorough: boolean): number {
    return this.#change(key, thorough, (stripe) => this.#table.put(stripe, key, entry));
  }

  /**
   * Stores a short value without references, in a block that an earlier value of the stripe leaves
   * behind, if there is one.
   *
   * @param encoded - of at most some hundred bytes: it is copied under the stripe's lock
   * @returns as `set`
   * @throws ArenaFullError; nothing is changed then
   */
  setShort(key: Key, encoded: Encoded, thorough: boolean): number {
    const stripe = key.hash >>> STRIPE_SHIFT;
    this.locks.lock(stripe);
    let result: number;
    try {
      this.#prepare(stripe);
      this.#table.locate(key);
      result = this.#blocked(this.#table.cell, thorough);
      if (result === 0) result = this.#putShort(stripe, key, encoded);
    } finally {
      this.locks.unlock(stripe);
    }
    if (result >= 0) this.#changed(stripe);
    return result;
  }

  /**
   * Writes an entry for `update`, which may be called there: the stripe's lock is held.
   *
   * @throws ArenaFullError
   */
  makeShort(key: Key, encoded: Encoded): number {
    const length = entryLength(key, encoded);
    const recycled = this.#limbo.recycle(this.stripeOf(key), length);
    const offset = recycled === 0 ? this.#arena.allocate(length) : recycled;
    fillEntry(this.#arena.memory, offset, key, encoded);
    return offset;
  }

  /**
   * Takes a key out.
   *
   * @returns 1 when the key was there, 0 when not; BUSY or MINE
   */
  delete(key: Key, thorough: boolean): number {
    return this.#change(key, thorough, (stripe) => {
      this.taken = this.#table.present();
      if (this.taken === 0) return 0;
      this.#table.remove(stripe);
      this.#table.shrink(stripe);
      return 1;
    });
  }

  /**
   * Changes a key by what it is now.
   *
   * @param decide - gets the index of the entry, 0 for none, and gives the offset of a new one, KEEP
   *   or REMOVE. Called under the stripe's lock: it runs no code of the user's
   * @returns 1 when it was changed, 0 when not; BUSY or MINE
   * @throws ArenaFullError; nothing is changed then, and the new entry is the caller's
   */
  update(key: Key, thorough: boolean, decide: (entry: number) => number): number {
    return this.#change(key, thorough, (stripe) => {
      const present = this.#table.present();
      const decision = decide(present);
      if (decision === KEEP) return 0;
      if (decision === REMOVE) {
        if (present === 0) return 0;
        this.#table.remove(stripe);
        this.#table.shrink(stripe);
        return 1;
      }
      this.#table.put(stripe, key, decision);
      return 1;
    });
  }

  /**
   * Locks a key for this agent, so that nobody else changes it before `commit`.
   *
   * @returns index of its entry, which stays until `commit`; 0 when the key is not there; BUSY or MINE
   * @throws ArenaFullError; nothing is changed then
   */
  hold(key: Key, thorough: boolean): number {
    let held = 0;
    const result = this.#change(key, thorough, (stripe) => {
      if (this.#table.cell === 0) this.#table.putAbsent(stripe, key);
      // Only owners of the stripe's lock look at OWNER, so that it may come after the entry.
      Atomics.store(this.#words, this.#table.cell + CELL.OWNER, this.#agent.id);
      held = this.#table.present();
      return 0;
    });
    return result < 0 ? result : held;
  }

  /**
   * Ends `hold`.
   *
   * @param entry - offset of the new entry; KEEP or REMOVE
   * @throws ArenaFullError; the key is as before then, and free
   */
  commit(key: Key, entry: number): void {
    const stripe = this.stripeOf(key);
    this.locks.lock(stripe);
    try {
      this.#table.locate(key);
      // Gone when this agent was taken for dead, and the key was taken over.
      if (this.#table.cell === 0 || this.#words[this.#table.cell + CELL.OWNER] !== this.#agent.id) {
        throw new Error('multiproc: a key that is being computed has lost its owner');
      }
      Atomics.store(this.#words, this.#table.cell + CELL.OWNER, 0);
      this.#limbo.reserve(stripe);
      const isNew = isAbsent(this.#words, this.#table.entry);
      // A key that was not there comes behind those that were stored meanwhile.
      if (isNew || entry === REMOVE) this.#table.remove(stripe);
      if (entry > 0 && isNew) this.#table.insert(stripe, key, entry);
      else if (entry > 0) this.#table.replace(stripe, entry);
      else if (entry === REMOVE) this.#table.shrink(stripe);
    } finally {
      this.locks.unlock(stripe);
      this.locks.wake(stripe);
    }
    this.#tidy();
    if (this.#limbo.isBehind) this.#onBehind();
  }

  /**
   * Takes everything out, at once.
   *
   * @returns 0; BUSY with `stripe` set to where somebody computes a value, or MINE
   */
  clear(thorough: boolean, where: { stripe: number }): number {
    this.locks.lockAll();
    try {
      const blocked = this.#findOwner(thorough, where);
      if (blocked !== 0) return blocked;
      if (!clearRoot(this.#arena, this.#epochs, this.#content)) this.#limbo.isBehind = true;
    } finally {
      this.locks.unlockAll();
    }
    for (let stripe = 0; stripe < STRIPES; stripe++) this.locks.wake(stripe);
    if (this.#limbo.isBehind) this.#onBehind();
    return 0;
  }

  /** Frees what was taken out, as far as readers allow: before more memory is refused. */
  collect(): void {
    let isAll = true;
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      this.locks.lock(stripe);
      isAll = this.#limbo.collect(stripe, true) && isAll;
      isAll = freeJunk(this.#arena, this.#epochs, this.#content, true) && isAll;
      this.locks.unlock(stripe);
    }
    this.#limbo.isBehind = !isAll;
  }

  /** Whether `collect` left something that readers may still be at. */
  get isBehind(): boolean {
    return this.#limbo.isBehind;
  }

  #change(key: Key, thorough: boolean, action: (stripe: number) => number): number {
    const stripe = key.hash >>> STRIPE_SHIFT;
    this.locks.lock(stripe);
    let result: number;
    try {
      this.#prepare(stripe);
      this.#table.locate(key);
      result = this.#blocked(this.#table.cell, thorough);
      if (result === 0) result = action(stripe);
      if (this.#limbo.isBehind) this.#limbo.isBehind = !this.#limbo.collect(stripe, false);
    } finally {
      this.locks.unlock(stripe);
    }
    if (result >= 0) this.#changed(stripe);
    return result;
  }

  /** Before a change: sees to it that what it takes out has a place. */
  #prepare(stripe: number): void {
    if (this.#limbo.reserve(stripe)) freeJunk(this.#arena, this.#epochs, this.#content, false);
  }

  /** After a change, without the lock. */
  #changed(stripe: number): void {
    this.locks.wake(stripe);
    if (this.#table.hasRemoved) this.#tidy();
    if (this.#limbo.isBehind) this.#onBehind();
  }

  #putShort(stripe: number, key: Key, encoded: Encoded): number {
    const entry = this.makeShort(key, encoded);
    try {
      return this.#table.put(stripe, key, entry);
    } catch (error) {
      this.#arena.free(entry);
      throw error;
    }
  }

  /** Whether somebody computes the value of the cell's key: 0, BUSY or MINE. */
  #blocked(cell: number, thorough: boolean): number {
    if (cell === 0) return 0;
    const owner = this.#words[cell + CELL.OWNER] as number;
    if (owner === 0) return 0;
    if (owner === this.#agent.id) return MINE;
    const isDead = this.#agent.isGone(owner) || (thorough && this.#agent.isDead(owner));
    if (!isDead) return BUSY;
    Atomics.store(this.#words, cell + CELL.OWNER, 0);
    return 0;
  }

  #findOwner(thorough: boolean, where: { stripe: number }): number {
    const root = indexOf(this.#words[this.#content + DICT.ROOT] as number);
    const end = root === 0 ? 0 : (this.#words[root + ROOT.NEXT] as number);
    for (let position = 0; position < end; position++) {
      const cell = cellAt(this.#words, root, position);
      if (cell === 0 || this.#words[cell + CELL.ENTRY] === 0) continue;
      const blocked = this.#blocked(cell, thorough);
      if (blocked === 0) continue;
      where.stripe = (this.#words[cell + CELL.HASH] as number) >>> STRIPE_SHIFT;
      return blocked;
    }
    return 0;
  }

  /** Compacts the order when dead cells outnumber the others. Caller holds no lock. */
  #tidy(): void {
    this.#table.hasRemoved = false;
    if (!this.#isCrowded()) return;
    this.locks.lockAll();
    try {
      const root = indexOf(this.#words[this.#content + DICT.ROOT] as number);
      // Another agent may have done it meanwhile.
      if (!this.#isCrowded()) return;
      const dead = this.#words[root + ROOT.DEAD] as number;
      const isDone = compactRoot(this.#arena, this.#epochs, this.#content);
      // Without memory it is tried again when there is twice as much to gain.
      this.#resigned = isDone ? 0 : 2 * dead;
      if (!freeJunk(this.#arena, this.#epochs, this.#content, false)) this.#limbo.isBehind = true;
    } finally {
      this.locks.unlockAll();
    }
  }

  /** Whether dead cells outnumber the others. A hint unless the caller holds all locks. */
  #isCrowded(): boolean {
    const words = this.#words;
    const root = indexOf(Atomics.load(words, this.#content + DICT.ROOT));
    if (root === 0) return false;
    const dead = Atomics.load(words, root + ROOT.DEAD);
    if (dead < MIN_DEAD || dead <= this.#resigned) return false;
    return dead * 2 > Atomics.load(words, root + ROOT.NEXT);
  }
}
