import type { Arena, Encoded, Epochs } from '@multiproc/core';
import { AllStripes } from './all-stripes.js';
import { entryLength, fillEntry, isAbsent } from './entry.js';
import { freeJunk } from './generations.js';
import type { Key } from './key.js';
import { ownership } from './key-owner.js';
import { CELL, STRIPE_SHIFT } from './layout.js';
import { Limbo } from './limbo.js';
import { Reader } from './reader.js';
import { type DictAgent, StripeLocks } from './stripe-locks.js';
import { StripeTable } from './stripe-table.js';

/** What `update` may be told instead of a new entry. */
export const KEEP = 0;
/** See {@link KEEP}. */
export const REMOVE = -1;

/**
 * The changes of single keys, each under the lock of its stripe. Knows keys and entries, and
 * nothing of values: that no code of the user's ever runs under a lock is seen from here.
 */
export class Store {
  /** What is read without a lock. */
  readonly reader: Reader;
  /** The locks of the stripes, and what is woken after changes. */
  readonly locks: StripeLocks;
  /** What concerns more than one key. */
  readonly all: AllStripes;
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

  /**
   * @param arena - where the dictionary is
   * @param epochs - who reads
   * @param agent - who uses it
   * @param content - index of the dictionary's first word
   * @param onBehind - called when much is kept for readers: `all.collect` should be called soon
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
    const [locks, limbo] = [this.locks, this.#limbo];
    this.all = new AllStripes({ arena, epochs, agent, content, locks, limbo, onBehind });
  }

  /** Whether something that was taken out waits for readers, and no change may come to free it. */
  get isBehind(): boolean {
    return this.#limbo.isBehind;
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
   * @param encoded - of at most some thousand bytes: it is copied under the stripe's lock
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
      result = ownership(this.#words, this.#agent, this.#table.cell, thorough);
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
    fillEntry(this.#arena.memory, offset, key, encoded, this.#table.present);
    return offset;
  }

  /**
   * Takes a key out.
   *
   * @returns 1 when the key was there, 0 when not; BUSY or MINE
   */
  delete(key: Key, thorough: boolean): number {
    return this.#change(key, thorough, (stripe) => {
      this.taken = this.#table.present;
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
      const present = this.#table.present;
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
      held = this.#table.present;
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
    this.#settle();
  }

  #change(key: Key, thorough: boolean, action: (stripe: number) => number): number {
    const stripe = key.hash >>> STRIPE_SHIFT;
    this.locks.lock(stripe);
    let result: number;
    try {
      this.#prepare(stripe);
      this.#table.locate(key);
      result = ownership(this.#words, this.#agent, this.#table.cell, thorough);
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
    this.#settle();
  }

  /** What a change leaves to be done, without a lock. */
  #settle(): void {
    if (this.#table.hasRemoved) {
      this.#table.hasRemoved = false;
      this.all.tidy();
    }
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
}
