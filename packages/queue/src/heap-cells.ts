import { type Arena, freeOwned, OWNED, payloadBytes, writeBranch } from '@multiproc/core';
import { tryAllocate } from './allocate.js';

/**
 * Words of a heap. All zero is an empty one.
 *
 * | word | what | who changes it |
 * | --- | --- | --- |
 * | CELLS | 0, or the newest segment of cells as an owned word | holder of LOCK |
 * | ORDER | 0, or a block as an owned word: the index of each cell, first those of the heap's SIZE items (the children of place i are at 2i + 1 and 2i + 2), then the empty ones | holder of LOCK |
 * | STATE | 0: open, 1: ended | holder of LOCK |
 * | LOCK | | `MutexWord` |
 * | DIRTY | not 0: ORDER, SIZE and BYTES are being changed, or were when an agent died | holder of LOCK |
 * | SIZE | how many cells hold an item | holder of LOCK |
 * | BYTES | bytes of the blocks of all items | holder of LOCK |
 * | COUNT | how many cells there are | holder of LOCK |
 * | ROOMS | how many entries fit into ORDER | holder of LOCK |
 * | NEXT | number of the next item to be put, a float | holder of LOCK |
 * | ITEMS, ROOM | event counts | `EventCount` |
 *
 * | word of a segment | what |
 * | --- | --- |
 * | 0, 1 | branch header: OLDER and PAYLOAD of each cell |
 * | OLDER | 0, or the segment made before it as an owned word |
 * | from 8 on | cells of 8 words: PRIORITY, a float; NUMBER, a float, which orders equal priorities; PAYLOAD: 0, or the item as an owned word, which is stored last |
 */
export const HEAP = {
  CELLS: 0,
  ORDER: 1,
  STATE: 2,
  LOCK: 3,
  DIRTY: 8,
  SIZE: 9,
  BYTES: 10,
  COUNT: 11,
  NEXT: 12,
  ROOMS: 14,
  ITEMS: 15,
  ROOM: 17,
  WORDS: 20,
} as const;

const CELL_WORDS = 8;
const NUMBER = 2;
const PAYLOAD = 4;
/** In a segment's head, where PAYLOAD is in a cell. */
const OLDER = 4;
/** Cells of a segment; with its head it fills a block of 1 KiB. */
const CELLS = 31;

/** The cells of a heap and their order. Every call is made under the heap's lock. */
export class HeapCells {
  readonly #arena: Arena;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #index: number;

  /**
   * @param arena - where they lie
   * @param index - index of the heap's first word
   */
  constructor(arena: Arena, index: number) {
    const { words } = arena.memory;
    this.#arena = arena;
    this.#words = words;
    this.#floats = new Float64Array(words.buffer, 0, words.length >> 1);
    this.#index = index;
  }

  /** Payload of the item that comes out next. */
  get first(): number {
    return (this.#words[this.#cellAt(0) + PAYLOAD] as number) & ~7;
  }

  /** Puts an item in; `false`: there is no memory for another cell. */
  insert(payload: number, bytes: number, priority: number): boolean {
    const size = this.#get(HEAP.SIZE);
    if (size === this.#get(HEAP.COUNT) && !this.#grow()) return false;
    const cell = this.#cellAt(size);
    const number = this.#floats[(this.#index + HEAP.NEXT) / 2] as number;
    this.#floats[(this.#index + HEAP.NEXT) / 2] = number + 1;
    this.#floats[cell / 2] = priority;
    this.#floats[(cell + NUMBER) / 2] = number;
    this.#set(HEAP.DIRTY, 1);
    // Puts the item in, and publishes the words above to `rebuild`.
    Atomics.store(this.#words, cell + PAYLOAD, payload | OWNED.PAYLOAD);
    this.#siftUp(size, cell);
    this.#set(HEAP.BYTES, this.#get(HEAP.BYTES) + bytes);
    this.#set(HEAP.SIZE, size + 1);
    this.#set(HEAP.DIRTY, 0);
    return true;
  }

  /** Takes the first item out, whose payload belongs to the caller from then on. */
  removeFirst(bytes: number): void {
    const size = this.#get(HEAP.SIZE) - 1;
    const cell = this.#cellAt(0);
    this.#set(HEAP.DIRTY, 1);
    // Takes the item out.
    Atomics.store(this.#words, cell + PAYLOAD, 0);
    const last = this.#cellAt(size);
    this.#put(size, cell);
    if (size > 0) this.#siftDown(size, last);
    this.#set(HEAP.BYTES, this.#get(HEAP.BYTES) - bytes);
    this.#set(HEAP.SIZE, size);
    this.#set(HEAP.DIRTY, 0);
    if (size === 0) this.#shrink();
  }

  /** Makes everything anew that is derived from the cells. */
  rebuild(): void {
    const full: number[] = [];
    const empty: number[] = [];
    let bytes = 0;
    for (let segment = this.#newest; segment !== 0; segment = this.#older(segment)) {
      for (
        let cell = segment + CELL_WORDS;
        cell <= segment + CELLS * CELL_WORDS;
        cell += CELL_WORDS
      ) {
        const payload = (this.#words[cell + PAYLOAD] as number) & ~7;
        (payload === 0 ? empty : full).push(cell);
        if (payload !== 0) bytes += payloadBytes(this.#arena, payload);
      }
    }
    // A sorted list is a heap.
    full.sort((a, b) => (this.#isBefore(a, b) ? -1 : 1));
    for (const [place, cell] of [...full, ...empty].entries()) this.#put(place, cell);
    this.#set(HEAP.COUNT, full.length + empty.length);
    this.#set(HEAP.BYTES, bytes);
    this.#set(HEAP.SIZE, full.length);
    this.#set(HEAP.DIRTY, 0);
  }

  /** Adds a segment of empty cells. An agent that dies meanwhile leaves one that `rebuild` finds. */
  #grow(): boolean {
    const count = this.#get(HEAP.COUNT);
    if (!this.#widen(count + CELLS)) return false;
    const block = tryAllocate(this.#arena, (CELLS + 1) * CELL_WORDS * 4);
    if (block === undefined) return false;
    const segment = block / 4;
    this.#words.fill(0, segment, segment + (CELLS + 1) * CELL_WORDS);
    this.#words[segment + OLDER] = this.#get(HEAP.CELLS);
    writeBranch(this.#words, segment, { count: CELLS + 1, first: OLDER, stride: CELL_WORDS });
    this.#set(HEAP.DIRTY, 1);
    this.#set(HEAP.CELLS, block | OWNED.BRANCH);
    for (let cell = 0; cell < CELLS; cell++) {
      this.#put(count + cell, segment + (cell + 1) * CELL_WORDS);
    }
    this.#set(HEAP.COUNT, count + CELLS);
    this.#set(HEAP.DIRTY, 0);
    return true;
  }

  /** Makes room for so many entries of ORDER. */
  #widen(count: number): boolean {
    if (count <= this.#get(HEAP.ROOMS)) return true;
    const rooms = Math.max(count, this.#get(HEAP.ROOMS) * 2);
    const block = tryAllocate(this.#arena, rooms * 4);
    if (block === undefined) return false;
    const before = this.#get(HEAP.ORDER);
    const from = (before & ~7) / 4;
    this.#words.copyWithin(block / 4, from, from + this.#get(HEAP.COUNT));
    this.#set(HEAP.ORDER, block | OWNED.BLOCK);
    // Too low when an agent dies before this: then it is widened once more than needed.
    this.#set(HEAP.ROOMS, rooms);
    freeOwned(this.#arena, before);
    return true;
  }

  /** Gives all memory back: there are no items. */
  #shrink(): void {
    if (this.#get(HEAP.COUNT) <= CELLS) return;
    const [cells, order] = [this.#get(HEAP.CELLS), this.#get(HEAP.ORDER)];
    this.#set(HEAP.DIRTY, 1);
    this.#set(HEAP.CELLS, 0);
    this.#set(HEAP.COUNT, 0);
    // Before ORDER, which always has as many entries as it says.
    this.#set(HEAP.ROOMS, 0);
    this.#set(HEAP.ORDER, 0);
    this.#set(HEAP.DIRTY, 0);
    freeOwned(this.#arena, cells);
    freeOwned(this.#arena, order);
  }

  /** Lets a cell rise from a place to where it belongs. */
  #siftUp(from: number, cell: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#cellAt(above);
      if (!this.#isBefore(cell, parent)) break;
      this.#put(place, parent);
      place = above;
    }
    this.#put(place, cell);
  }

  /** Lets a cell sink from the first place of so many to where it belongs. */
  #siftDown(size: number, cell: number): void {
    let place = 0;
    for (;;) {
      let below = place * 2 + 1;
      if (below >= size) break;
      if (below + 1 < size && this.#isBefore(this.#cellAt(below + 1), this.#cellAt(below))) below++;
      const child = this.#cellAt(below);
      if (!this.#isBefore(child, cell)) break;
      this.#put(place, child);
      place = below;
    }
    this.#put(place, cell);
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#floats[a / 2] as number, this.#floats[b / 2] as number];
    if (first !== second) return first < second;
    return (this.#floats[(a + NUMBER) / 2] as number) < (this.#floats[(b + NUMBER) / 2] as number);
  }

  get #newest(): number {
    return (this.#get(HEAP.CELLS) & ~7) / 4;
  }

  #older(segment: number): number {
    return ((this.#words[segment + OLDER] as number) & ~7) / 4;
  }

  #cellAt(place: number): number {
    return this.#words[(this.#get(HEAP.ORDER) & ~7) / 4 + place] as number;
  }

  #put(place: number, cell: number): void {
    this.#words[(this.#get(HEAP.ORDER) & ~7) / 4 + place] = cell;
  }

  #get(word: number): number {
    return this.#words[this.#index + word] as number;
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }
}
