import {
  type Agent,
  type Arena,
  block,
  bytesFor,
  type Encoded,
  EventCount,
  type Family,
  freeOwned,
  freePayload,
  MutexWord,
  OWNED,
  payloadBytes,
  shareOf,
  type Taken,
  takePayload,
  tryWritePayload,
  writeBranch,
} from '@multiproc/core';
import { tryAllocate } from './allocate.js';
import type { Store } from './store.js';

const SEGMENTS = 0;
const STATE = 1;
const LOCK = 2;
const SIZE = 7;
const TOP = 8;
const BYTES = 9;
const ITEMS = 11;
const ROOM = 13;
const WORDS = 15;

const ENDED = 1;

const BASE = 2;
const BELOW = 3;
const ABOVE = 4;
const ENTRIES = 5;
/** Entries of a segment; it fills a block of 1 KiB. */
const CAPACITY = 251;

const LOCK_PATIENCE = { timeout: 1000 };

/**
 * Items of which the latest comes out first. All zero is an empty stack.
 *
 * | word | what | who changes it |
 * | --- | --- | --- |
 * | SEGMENTS | 0, or the lowest segment as an owned word | holder of LOCK, once |
 * | STATE | 0: open, ENDED: nothing can be put any more | holder of LOCK |
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
export class Stack implements Store {
  /** Words that a stack needs, all zero at first. */
  static readonly WORDS = WORDS;
  /** Which of them is owned. */
  static readonly OWNED = SEGMENTS;

  readonly items: EventCount;
  readonly room: EventCount;
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;

  /**
   * @param family - where it lies
   * @param index - index of the first of its words
   */
  constructor({ arena, agent }: Family, index: number) {
    this.#arena = arena;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#index = index;
    this.#lock = new MutexWord(arena.memory, index + LOCK, agent);
    this.items = new EventCount(arena.memory, index + ITEMS);
    this.room = new EventCount(arena.memory, index + ROOM);
  }

  get size(): number {
    return this.#load(SIZE);
  }

  get isEnded(): boolean {
    return this.#load(STATE) === ENDED;
  }

  get isFinished(): boolean {
    return this.isEnded && this.size === 0;
  }

  put(encoded: Encoded, limit: number): boolean {
    const bytes = bytesFor(this.#arena, encoded);
    if (!this.#hasRoom(bytes, limit)) return false;
    // Written outside the lock: it may be long.
    const payload = tryWritePayload(this.#arena, encoded);
    if (payload === undefined) return false;
    const isPut = this.#locked(() => this.#push(payload, bytes, limit)) === true;
    if (isPut) this.items.wake(this.#agent, false);
    else freePayload(this.#arena, payload);
    return isPut;
  }

  putMany(list: readonly Encoded[], limit: number): number {
    const stop = list.findIndex((encoded) => !this.put(encoded, limit));
    return stop < 0 ? list.length : stop;
  }

  take(): Taken | undefined {
    return this.takeMany(1)[0];
  }

  takeMany(max: number): Taken[] {
    if (this.size === 0) return [];
    const taken: Taken[] = [];
    this.#locked(() => {
      while (taken.length < max && this.size > 0) taken.push(this.#pop());
    });
    if (taken.length > 0) this.room.wake(this.#agent, taken.length > 1);
    return taken;
  }

  end(): boolean {
    block(this.#agent, this.#lock.events, this.#lock, {});
    const isFirst = !this.isEnded;
    this.#store(STATE, ENDED);
    this.#lock.release();
    this.items.wake(this.#agent, true);
    this.room.wake(this.#agent, true);
    return isFirst;
  }

  #hasRoom(bytes: number, limit: number): boolean {
    const { size } = this;
    if (this.isEnded || size >= limit) return false;
    const held = this.#load(BYTES + (size & 1)) + size * 4;
    return held + bytes <= shareOf(this.#arena);
  }

  /** The lock is held. */
  #push(payload: number, bytes: number, limit: number): boolean {
    if (!this.#hasRoom(bytes, limit)) return false;
    const { size } = this;
    const segment = this.#segmentOf(size);
    if (segment === 0) return false;
    const entry = segment + ENTRIES + (size - (this.#words[segment + BASE] as number));
    const leftover = this.#words[entry] as number;
    this.#words[entry] = payload | OWNED.PAYLOAD;
    if (leftover !== 0) freeOwned(this.#arena, leftover);
    this.#setSize(size + 1, this.#load(BYTES + (size & 1)) + bytes);
    return true;
  }

  /** The lock is held, and there is an item. */
  #pop(): Taken {
    const last = this.size - 1;
    const segment = this.#segmentOf(last);
    const entry = segment + ENTRIES + (last - (this.#words[segment + BASE] as number));
    const payload = (this.#words[entry] as number) & ~7;
    const taken = takePayload(this.#arena, payload, () => this.room.wake(this.#agent, false));
    const bytes = payloadBytes(this.#arena, payload);
    // Takes the item; from here on the entry is beyond SIZE.
    this.#setSize(last, this.#load(BYTES + ((last + 1) & 1)) - bytes);
    this.#words[entry] = 0;
    return taken;
  }

  #setSize(size: number, bytes: number): void {
    this.#store(BYTES + (size & 1), bytes);
    this.#store(SIZE, size);
  }

  /** The segment of the item with this number, which is at most one beyond TOP; 0: no memory. */
  #segmentOf(item: number): number {
    const words = this.#words;
    const top = this.#load(TOP) || this.#firstSegment();
    if (top === 0) return 0;
    const base = words[top + BASE] as number;
    if (item < base) {
      // What lies above this one has not been used for a whole segment.
      const above = words[top + ABOVE] as number;
      words[top + ABOVE] = 0;
      freeOwned(this.#arena, above);
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
    let segment = (this.#load(SEGMENTS) & ~7) / 4;
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
    const block = tryAllocate(this.#arena, (ENTRIES + CAPACITY) * 4);
    if (block === undefined) return 0;
    const segment = block / 4;
    words.fill(0, segment, segment + ENTRIES + CAPACITY);
    words[segment + BASE] = base;
    words[segment + BELOW] = below;
    writeBranch(words, segment, { count: CAPACITY + 1, first: ABOVE });
    return segment;
  }

  #locked<Result>(action: () => Result): Result | undefined {
    const mutex = this.#lock;
    if (!mutex.takeFree() && !block(this.#agent, mutex.events, mutex, LOCK_PATIENCE)) {
      return undefined;
    }
    try {
      return action();
    } finally {
      mutex.release();
    }
  }

  #load(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }

  #store(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }
}
