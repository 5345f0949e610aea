import { type Family, freeOwned, OWNED, writeBranch } from '@multiproc/core';
import { tryAllocate } from './allocate.js';
import { LockedStore } from './locked-store.js';

const SEGMENTS = 0;
const STATE = 1;
const LOCK = 2;
const SIZE = 7;
const TOP = 8;
const BYTES = 9;
const ITEMS = 11;
const ROOM = 13;
const WORDS = 15;

const BASE = 2;
const BELOW = 3;
const ABOVE = 4;
const ENTRIES = 5;
/** Entries of a segment; it fills a block of 1 KiB. */
const CAPACITY = 251;

/**
 * Items of which the latest comes out first. All zero is an empty stack.
 *
 * | word | what | who changes it |
 * | --- | --- | --- |
 * | SEGMENTS | 0, or the lowest segment as an owned word | holder of LOCK, once |
 * | STATE | 0: open, 1: ended | holder of LOCK |
 * | LOCK | | `MutexWord` |
 * | SIZE | how many items there are; storing it puts or takes one | holder of LOCK |
 * | TOP | segment of the topmost item, or the one below or above; 0: none yet | holder of LOCK |
 * | BYTES | two words; the one at SIZE & 1 counts the bytes of the items' blocks | holder of LOCK, the other one before SIZE |
 * | ITEMS, ROOM | event counts | `EventCount` |
 *
 * | word of a segment | what |
 * | --- | --- |
 * | 0, 1 | branch header: ABOVE and the entries |
 * | BASE | which item its first entry is, counted from the lowest |
 * | BELOW | index of the segment below, 0: none |
 * | ABOVE | 0, or the segment above as an owned word: at most one is kept beyond the topmost item |
 * | entries | 0, or the payload of an item as an owned word; beyond SIZE: what a dead agent left behind |
 *
 * An agent that dies before it has stored SIZE has changed nothing: its entry is beyond SIZE and is
 * freed when it is used again. TOP may lag, which shows in SIZE.
 */
export class Stack extends LockedStore {
  /** Words that a stack needs, all zero at first. */
  static readonly WORDS = WORDS;
  /** Which of them is owned. */
  static readonly OWNED = SEGMENTS;

  readonly #words: Int32Array;
  readonly #index: number;

  /**
   * @param family - where it lies
   * @param index - index of the first of its words
   */
  constructor(family: Family, index: number) {
    super(family, index, { STATE, LOCK, ITEMS, ROOM });
    this.#words = family.arena.memory.words;
    this.#index = index;
  }

  get size(): number {
    return this.#load(SIZE);
  }

  protected get count(): number {
    return this.#read(SIZE);
  }

  protected get held(): number {
    const { size } = this;
    return this.#load(BYTES + (size & 1)) + size * 4;
  }

  protected push(payload: number, bytes: number): boolean {
    const size = this.count;
    const segment = this.#segmentOf(size);
    if (segment === 0) return false;
    const entry = this.#entryOf(size, segment);
    const leftover = this.#words[entry] as number;
    this.#words[entry] = payload | OWNED.PAYLOAD;
    if (leftover !== 0) freeOwned(this.arena, leftover);
    this.#setSize(size + 1, this.#read(BYTES + (size & 1)) + bytes);
    return true;
  }

  protected get next(): number {
    const last = this.count - 1;
    return (this.#words[this.#entryOf(last, this.#segmentOf(last))] as number) & ~7;
  }

  protected pop(bytes: number): void {
    const last = this.count - 1;
    const entry = this.#entryOf(last, this.#segmentOf(last));
    // Takes the item; from here on the entry is beyond SIZE.
    this.#setSize(last, this.#read(BYTES + ((last + 1) & 1)) - bytes);
    this.#words[entry] = 0;
  }

  #entryOf(item: number, segment: number): number {
    return segment + ENTRIES + (item - (this.#words[segment + BASE] as number));
  }

  #setSize(size: number, bytes: number): void {
    this.#store(BYTES + (size & 1), bytes);
    this.#store(SIZE, size);
  }

  /** The segment of the item with this number, which is at most one beyond TOP; 0: no memory. */
  #segmentOf(item: number): number {
    const words = this.#words;
    const top = this.#read(TOP) || this.#firstSegment();
    if (top === 0) return 0;
    const base = words[top + BASE] as number;
    if (item < base) {
      // What lies above this one has not been used for a whole segment.
      const above = words[top + ABOVE] as number;
      words[top + ABOVE] = 0;
      freeOwned(this.arena, above);
      return this.#setTop(words[top + BELOW] as number, item);
    }
    if (item < base + CAPACITY) return top;
    if (words[top + ABOVE] === 0) {
      const next = this.#makeSegment(base + CAPACITY, top);
      if (next === 0) return 0;
      words[top + ABOVE] = (next * 4) | OWNED.BRANCH;
    }
    return this.#setTop(((words[top + ABOVE] as number) & ~7) / 4, item);
  }

  /** A kill may have left TOP on either side, so the segment is looked for from here. */
  #setTop(segment: number, item: number): number {
    this.#store(TOP, segment);
    return this.#segmentOf(item);
  }

  #firstSegment(): number {
    let segment = (this.#read(SEGMENTS) & ~7) / 4;
    if (segment === 0) {
      segment = this.#makeSegment(0, 0);
      if (segment === 0) return 0;
      this.#store(SEGMENTS, (segment * 4) | OWNED.BRANCH);
    }
    this.#store(TOP, segment);
    return segment;
  }

  #makeSegment(base: number, below: number): number {
    const words = this.#words;
    const block = tryAllocate(this.arena, (ENTRIES + CAPACITY) * 4);
    if (block === undefined) return 0;
    const segment = block / 4;
    words.fill(0, segment, segment + ENTRIES + CAPACITY);
    words[segment + BASE] = base;
    words[segment + BELOW] = below;
    writeBranch(words, segment, { count: CAPACITY + 1, first: ABOVE });
    return segment;
  }

  /** For who holds the lock. */
  #read(word: number): number {
    return this.#words[this.#index + word] as number;
  }

  #load(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }

  #store(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }
}
