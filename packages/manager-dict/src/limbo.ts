import {
  type Arena,
  type Epochs,
  freeOwned,
  isMultiprocError,
  OWNED,
  writeBranch,
} from '@multiproc/core';
import { blockLength, hasReferences } from './entry.js';
import { DICT, indexOf, LIMBO, LIMBO_RECORDS } from './layout.js';

/** From this length in bytes on, what is taken out should not wait for the next change. */
const LARGE = 32_768;

/** A ring that a slow reader made grow beyond this is given back when it is empty. */
const KEPT_RECORDS = 8 * LIMBO_RECORDS;

/** Of a full ring, so many blocks are not freed but wait to be used again. */
const KEPT_FOR_REUSE = LIMBO_RECORDS - 10;

/** What one change takes out at the most: an entry, and a table. */
const RECORDS_OF_A_CHANGE = 3;

/**
 * Frees what a dictionary takes out, when no reader can be at it any more. Each stripe has a limbo
 * of its own, in shared memory and under the stripe's lock: what an agent took out before it died
 * is freed by the next one that changes the stripe, or with the dictionary.
 */
export class Limbo {
  /** Whether it keeps much that no change may come to free: reset by who collects it all. */
  isBehind = false;
  readonly #arena: Arena;
  readonly #epochs: Epochs;
  readonly #words: Int32Array;
  readonly #content: number;

  /**
   * @param arena - where the dictionary is
   * @param epochs - who reads
   * @param content - index of the dictionary's first word
   */
  constructor(arena: Arena, epochs: Epochs, content: number) {
    this.#arena = arena;
    this.#epochs = epochs;
    this.#words = arena.memory.words;
    this.#content = content;
  }

  /**
   * Makes sure that the next calls of `retire` cannot fail. Caller holds the stripe's lock.
   *
   * @returns whether something was freed for that
   * @throws ArenaFullError when readers hold up what was taken out, and there is no room for more
   */
  reserve(stripe: number): boolean {
    const limbo = this.#limbo(stripe);
    if (limbo !== 0 && this.#room(limbo) >= RECORDS_OF_A_CHANGE) return false;
    if (limbo === 0) this.#replace(stripe, LIMBO_RECORDS, 0);
    else this.#makeRoom(stripe);
    return true;
  }

  #makeRoom(stripe: number): void {
    for (const thorough of [false, true]) {
      this.collect(stripe, thorough, KEPT_FOR_REUSE);
      if (this.#room(this.#limbo(stripe)) >= RECORDS_OF_A_CHANGE) return;
    }
    const limbo = this.#limbo(stripe);
    this.isBehind = true;
    this.#replace(stripe, 2 * (this.#words[limbo] as number), limbo);
  }

  /**
   * Takes over what no pointer leads to any more. Caller holds the stripe's lock and has reserved.
   *
   * @param owned - leads to a block
   * @param length - of the block in bytes
   */
  retire(stripe: number, owned: number, length: number): void {
    if (length >= LARGE) this.isBehind = true;
    const limbo = this.#limbo(stripe);
    let tail = this.#words[limbo + LIMBO.TAIL] as number;
    // One that died between the record and TAIL left a record that TAIL does not count.
    while (this.#words[recordAt(limbo, tail)] !== 0) tail = this.#after(limbo, tail);
    const record = recordAt(limbo, tail);
    this.#words[record + 1] = this.#epochs.now;
    // Under the lock, so that plain stores do; in this order, because this agent may be killed.
    this.#words[record] = owned;
    this.#words[limbo + LIMBO.TAIL] = this.#after(limbo, tail);
  }

  /**
   * Takes the oldest entry back out, for another of the same size: cheaper than to free it and to
   * allocate. Caller holds the stripe's lock.
   *
   * @param length - bytes that are needed
   * @returns offset of a block, 0 when the oldest does not suit or may still be read
   */
  recycle(stripe: number, length: number): number {
    const words = this.#words;
    const limbo = this.#limbo(stripe);
    const head = words[limbo + LIMBO.HEAD] as number;
    if (head === words[limbo + LIMBO.TAIL]) return 0;
    const record = recordAt(limbo, head);
    const owned = words[record] as number;
    if (!this.#suits(owned, length) || !this.#epochs.isPast(words[record + 1] as number)) return 0;
    // Before it is used again: a kill in between leaks it.
    words[record] = 0;
    words[limbo + LIMBO.HEAD] = this.#after(limbo, head);
    return owned & ~7;
  }

  /** Whether an owned word leads to an entry without references, in a block of the right size. */
  #suits(owned: number, length: number): boolean {
    if ((owned & 7) !== OWNED.PAYLOAD) return false;
    // What has been taken out is not changed, so its length can still be read.
    const entry = indexOf(owned);
    if (hasReferences(this.#words, entry)) return false;
    // Lengths that need the same number of 64 bytes have blocks of the same size.
    return (blockLength(this.#words, entry) + 63) >>> 6 === (length + 63) >>> 6;
  }

  /**
   * Frees what nobody reads any more. Caller holds the stripe's lock.
   *
   * @param thorough - also look whether readers have died
   * @param kept - so many of the newest stay, for `recycle`
   * @returns whether that was everything
   */
  collect(stripe: number, thorough: boolean, kept = 0): boolean {
    const limbo = this.#limbo(stripe);
    if (limbo === 0) return true;
    const tail = this.#words[limbo + LIMBO.TAIL] as number;
    let head = this.#words[limbo + LIMBO.HEAD] as number;
    for (let left = this.#count(limbo); left > kept; left--, head = this.#after(limbo, head)) {
      const record = recordAt(limbo, head);
      const owned = this.#words[record] as number;
      if (owned !== 0) {
        if (!this.#epochs.passes(this.#words[record + 1] as number, thorough)) break;
        // Before it is freed: a kill in between leaks it.
        Atomics.store(this.#words, record, 0);
        this.#free(owned);
      }
    }
    this.#words[limbo + LIMBO.HEAD] = head;
    if (head !== tail) return false;
    if ((this.#words[limbo] as number) > KEPT_RECORDS) this.#shrink(stripe, limbo);
    return true;
  }

  #shrink(stripe: number, limbo: number): void {
    try {
      this.#replace(stripe, LIMBO_RECORDS, limbo);
    } catch (error) {
      // It stays as large as it is.
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
    }
  }

  #free(owned: number): void {
    // The commonest: an entry without references.
    const isEntry = (owned & 7) === OWNED.PAYLOAD && this.#words[indexOf(owned) + 1] === 0;
    if (isEntry) this.#arena.free(owned & ~7);
    else freeOwned(this.#arena, owned);
  }

  #limbo(stripe: number): number {
    return indexOf(this.#words[this.#content + DICT.LIMBO + stripe] as number);
  }

  /** The number behind another in the ring. */
  #after(limbo: number, number: number): number {
    return number + 1 === this.#words[limbo] ? 0 : number + 1;
  }

  #room(limbo: number): number {
    // One is kept for a record that TAIL does not count, and one tells a full ring from an empty one.
    return (this.#words[limbo] as number) - 2 - this.#count(limbo);
  }

  #count(limbo: number): number {
    const words = this.#words;
    const count = (words[limbo + LIMBO.TAIL] as number) - (words[limbo + LIMBO.HEAD] as number);
    return count < 0 ? count + (words[limbo] as number) : count;
  }

  #replace(stripe: number, records: number, old: number): void {
    const words = this.#words;
    const length = LIMBO.RECORDS + records * LIMBO.RECORD_WORDS;
    const offset = this.#arena.allocate(length * 4);
    const limbo = offset >>> 2;
    words.fill(0, limbo, limbo + length);
    writeBranch(words, limbo, {
      count: records,
      first: LIMBO.RECORDS,
      stride: LIMBO.RECORD_WORDS,
    });
    let tail = 0;
    if (old !== 0) {
      const oldTail = words[old + LIMBO.TAIL] as number;
      for (let n = words[old + LIMBO.HEAD] as number; n !== oldTail; n = this.#after(old, n)) {
        const [from, to] = [recordAt(old, n), recordAt(limbo, tail++)];
        words[to + 1] = words[from + 1] as number;
        words[to] = words[from] as number;
      }
    }
    words[limbo + LIMBO.TAIL] = tail;
    // Publishes the records to `freeOwned` of the dictionary; readers never come here.
    Atomics.store(words, this.#content + DICT.LIMBO + stripe, offset | OWNED.BRANCH);
    if (old !== 0) this.#arena.free(old * 4);
  }
}

function recordAt(limbo: number, number: number): number {
  return limbo + LIMBO.RECORDS + number * LIMBO.RECORD_WORDS;
}
