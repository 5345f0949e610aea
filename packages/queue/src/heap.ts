import {
  type Agent,
  type Arena,
  block,
  bytesFor,
  type Encoded,
  EventCount,
  type Family,
  freePayload,
  MutexWord,
  payloadBytes,
  shareOf,
  type Taken,
  takePayload,
  tryWritePayload,
} from '@multiproc/core';
import { HEAP, HeapCells } from './heap-cells.js';
import type { Store } from './store.js';

const ENDED = 1;
const LOCK_PATIENCE = { timeout: 1000 };

/**
 * Items of which the one with the lowest priority number comes out first, and among equal ones the
 * oldest. See `HeapCells` for what lies where.
 *
 * A cell that holds an item is the truth. The order of the cells, the size and the bytes are
 * derived from them and change in several steps, with DIRTY set: so whoever takes the lock after an
 * agent died in between makes them anew. The one store that puts or takes an item is that of its
 * cell.
 */
export class Heap implements Store {
  /** Words that a heap needs, all zero at first. */
  static readonly WORDS = HEAP.WORDS;
  /** The first of two of them that are owned; the other one is the next. */
  static readonly OWNED = HEAP.CELLS;

  readonly items: EventCount;
  readonly room: EventCount;
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;
  readonly #cells: HeapCells;

  /**
   * @param family - where it lies
   * @param index - index of the first of its words
   */
  constructor({ arena, agent }: Family, index: number) {
    this.#arena = arena;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#index = index;
    this.#lock = new MutexWord(arena.memory, index + HEAP.LOCK, agent);
    this.#cells = new HeapCells(arena, index);
    this.items = new EventCount(arena.memory, index + HEAP.ITEMS);
    this.room = new EventCount(arena.memory, index + HEAP.ROOM);
  }

  get size(): number {
    // Rarely: only after a death, or while somebody is at it.
    if (this.#load(HEAP.DIRTY) !== 0) this.#locked(() => undefined);
    return this.#load(HEAP.SIZE);
  }

  get isEnded(): boolean {
    return this.#load(HEAP.STATE) === ENDED;
  }

  get isFinished(): boolean {
    return this.isEnded && this.size === 0;
  }

  put(encoded: Encoded, limit: number, priority: number): boolean {
    const bytes = bytesFor(this.#arena, encoded);
    if (!this.#hasRoom(bytes, limit)) return false;
    // Written outside the lock: it may be long.
    const payload = tryWritePayload(this.#arena, encoded);
    if (payload === undefined) return false;
    const isPut = this.#locked(() => {
      return this.#hasRoom(bytes, limit) && this.#cells.insert(payload, bytes, priority);
    });
    if (isPut) this.items.wake(this.#agent, false);
    else freePayload(this.#arena, payload);
    return isPut === true;
  }

  putMany(list: readonly Encoded[], limit: number, priorities: readonly number[]): number {
    const stop = list.findIndex(
      (encoded, position) => !this.put(encoded, limit, priorities[position] as number),
    );
    return stop < 0 ? list.length : stop;
  }

  take(): Taken | undefined {
    return this.takeMany(1)[0];
  }

  takeMany(max: number): Taken[] {
    const taken: Taken[] = [];
    if (this.size === 0) return taken;
    this.#locked(() => {
      while (taken.length < max && this.#load(HEAP.SIZE) > 0) taken.push(this.#takeFirst());
    });
    if (taken.length > 0) this.room.wake(this.#agent, taken.length > 1);
    return taken;
  }

  end(): boolean {
    block(this.#agent, this.#lock.events, this.#lock, {});
    const isFirst = !this.isEnded;
    Atomics.store(this.#words, this.#index + HEAP.STATE, ENDED);
    this.#lock.release();
    this.items.wake(this.#agent, true);
    this.room.wake(this.#agent, true);
    return isFirst;
  }

  /** The lock is held, and there is an item. */
  #takeFirst(): Taken {
    const payload = this.#cells.first;
    const taken = takePayload(this.#arena, payload, () => this.room.wake(this.#agent, false));
    this.#cells.removeFirst(payloadBytes(this.#arena, payload));
    return taken;
  }

  #hasRoom(bytes: number, limit: number): boolean {
    const size = this.#load(HEAP.SIZE);
    if (this.isEnded || size >= limit) return false;
    return this.#load(HEAP.BYTES) + bytes + size * 64 <= shareOf(this.#arena);
  }

  #locked<Result>(action: () => Result): Result | undefined {
    const mutex = this.#lock;
    if (!mutex.takeFree() && !block(this.#agent, mutex.events, mutex, LOCK_PATIENCE)) {
      return undefined;
    }
    try {
      if (this.#load(HEAP.DIRTY) !== 0) this.#cells.rebuild();
      return action();
    } finally {
      mutex.release();
    }
  }

  #load(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }
}
