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
  mayGrow,
  payloadBytes,
  type Taken,
  takePayload,
  tryWritePayload,
} from '@multiproc/core';
import type { Store } from './store.js';

/** Of STATE: nothing can be put any more. */
const ENDED = 1;

/** The lock is held for microseconds; only one whose holder was stopped takes so long. */
const LOCK_PATIENCE = { timeout: 1000 };

/** Where a store has the words that all of them have, counted from its first. */
export interface StoreWords {
  /** 0: open, 1: ended; changed by the holder of LOCK. */
  readonly STATE: number;
  /** A `MutexWord`. */
  readonly LOCK: number;
  /** An event count. */
  readonly ITEMS: number;
  /** An event count. */
  readonly ROOM: number;
}

/**
 * A store with one lock, where each item has a payload of its own. How the items are ordered, and
 * how a change of the order commits, is up to the class below.
 */
export abstract class LockedStore implements Store {
  readonly items: EventCount;
  readonly room: EventCount;
  /** Where it lies. */
  protected readonly arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #state: number;
  readonly #lock: MutexWord;

  /**
   * @param family - where it lies
   * @param index - index of the first of its words
   * @param layout - where it has which
   */
  constructor({ arena, agent }: Family, index: number, layout: StoreWords) {
    this.arena = arena;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#state = index + layout.STATE;
    this.#lock = new MutexWord(arena.memory, index + layout.LOCK, agent);
    this.items = new EventCount(arena.memory, index + layout.ITEMS);
    this.room = new EventCount(arena.memory, index + layout.ROOM);
  }

  abstract get size(): number;

  /** The size, for who holds the lock. */
  protected abstract get count(): number;

  /** Bytes that the items fill. */
  protected abstract get held(): number;

  /** Puts a payload in its place; `false`: there is no memory for one. The lock is held. */
  protected abstract push(payload: number, bytes: number, priority: number): boolean;

  /** Payload of the item that comes out next. The lock is held, and there is one. */
  protected abstract get next(): number;

  /** Takes that item out. The lock is held. */
  protected abstract pop(bytes: number): void;

  /** Finishes what an agent has left undone that died with the lock. The lock is held. */
  protected repair(): void {}

  get isEnded(): boolean {
    return Atomics.load(this.#words, this.#state) === ENDED;
  }

  get isFinished(): boolean {
    return this.isEnded && this.size === 0;
  }

  put(encoded: Encoded, limit: number, priority: number): boolean {
    const bytes = bytesFor(this.arena, encoded);
    if (!this.#hasRoom(this.size, limit) || !mayGrow(this.arena, this.held, bytes)) return false;
    // Written outside the lock: it may be long.
    const payload = tryWritePayload(this.arena, encoded);
    if (payload === undefined) return false;
    const isPut = this.locked(() => {
      return this.#hasRoom(this.count, limit) && this.push(payload, bytes, priority);
    });
    if (isPut) this.items.wake(this.#agent, false);
    else freePayload(this.arena, payload);
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
    this.locked(() => {
      while (taken.length < max && this.count > 0) taken.push(this.#takeNext());
    });
    if (taken.length > 0) this.room.wake(this.#agent, taken.length > 1);
    return taken;
  }

  end(): boolean {
    block(this.#agent, this.#lock.events, this.#lock, {});
    const isFirst = !this.isEnded;
    Atomics.store(this.#words, this.#state, ENDED);
    this.#lock.release();
    this.items.wake(this.#agent, true);
    this.room.wake(this.#agent, true);
    return isFirst;
  }

  /** Does something under the lock; `undefined`: its holder was stopped. */
  protected locked<Result>(action: () => Result): Result | undefined {
    const mutex = this.#lock;
    if (!mutex.takeFree() && !block(this.#agent, mutex.events, mutex, LOCK_PATIENCE)) {
      return undefined;
    }
    try {
      this.repair();
      return action();
    } finally {
      mutex.release();
    }
  }

  #takeNext(): Taken {
    const payload = this.next;
    const taken = takePayload(this.arena, payload, () => this.room.wake(this.#agent, false));
    this.pop(payloadBytes(this.arena, payload));
    return taken;
  }

  #hasRoom(size: number, limit: number): boolean {
    return !this.isEnded && size < limit;
  }
}
