import type { Family } from '@multiproc/core';
import { HEAP, HeapCells } from './heap-cells.js';
import { LockedStore } from './locked-store.js';

/**
 * Items of which the one with the lowest priority number comes out first, and among equal ones the
 * oldest. See `HeapCells` for what lies where.
 *
 * A cell that holds an item is the truth. The order of the cells, the size and the bytes are
 * derived from them and change in several steps, with DIRTY set: so whoever takes the lock after an
 * agent died in between makes them anew. The one store that puts or takes an item is that of its
 * cell.
 */
export class Heap extends LockedStore {
  /** Words that a heap needs, all zero at first. */
  static readonly WORDS = HEAP.WORDS;
  /** The first of two of them that are owned; the other one is the next. */
  static readonly OWNED = HEAP.CELLS;

  readonly #words: Int32Array;
  readonly #index: number;
  readonly #cells: HeapCells;

  /**
   * @param family - where it lies
   * @param index - index of the first of its words
   */
  constructor(family: Family, index: number) {
    super(family, index, HEAP);
    this.#words = family.arena.memory.words;
    this.#index = index;
    this.#cells = new HeapCells(family.arena, index);
  }

  get size(): number {
    // Rarely: only after a death, or while somebody is at it.
    if (this.#load(HEAP.DIRTY) !== 0) this.locked(() => undefined);
    return this.#load(HEAP.SIZE);
  }

  protected get count(): number {
    return this.#words[this.#index + HEAP.SIZE] as number;
  }

  protected get held(): number {
    return this.#load(HEAP.BYTES) + this.#load(HEAP.SIZE) * 64;
  }

  protected push(payload: number, bytes: number, priority: number): boolean {
    return this.#cells.insert(payload, bytes, priority);
  }

  protected get next(): number {
    return this.#cells.first;
  }

  protected pop(bytes: number): void {
    this.#cells.removeFirst(bytes);
  }

  protected override repair(): void {
    if (this.#load(HEAP.DIRTY) !== 0) this.#cells.rebuild();
  }

  #load(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }
}
