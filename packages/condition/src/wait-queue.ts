import type { EventCount, Memory, Owners } from '@multiproc/core';
import {
  eventsOf,
  isEarlier,
  NODE_WORDS,
  NOTIFIED,
  SEEN,
  STATE,
  TICKET,
  WaitNode,
} from './wait-node.js';

/**
 * The calls that wait on a condition.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | NEXT_TICKET | number of the next call that waits | the holder of the lock |
 * | USED | number of nodes that were ever used; others are all zero | the holder of the lock, upwards only |
 * | then a chunk: NEXT | index of the next chunk, 0: none | the holder of the lock; the store publishes a chunk of zeros |
 * | NODES times `NODE_WORDS` | see `wait-node.ts` | |
 *
 * Tickets are read and written with the lock alone, so no atomic operations are needed for them.
 * Chunks are never taken away, so a node's index means the same as long as the condition lives.
 */
const NEXT_TICKET = 0;
const USED = 1;
const FIRST_CHUNK = 2;

const NEXT = 0;
const FIRST_NODE = 1;

/** With the words around them, a condition or a chunk fills a block of 256 bytes. */
const NODES = 10;

/** Bytes of a chunk. */
export const CHUNK_BYTES = (FIRST_NODE + NODES * NODE_WORDS) * 4;

/** The waiting calls of one condition, as one agent sees them. */
export class WaitQueue {
  /** Words of a queue with its first chunk. */
  static readonly WORDS = FIRST_CHUNK + CHUNK_BYTES / 4;

  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #owners: Owners;
  readonly #grow: () => number;
  /** Indices of the nodes that this agent knows, and of the chunk with the last of them. */
  readonly #nodes: number[] = [];
  #chunk: number;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words; all zero: nobody waits
   * @param owners - who this agent is, and who is dead
   * @param grow - makes another chunk of zeros, returns the index of its first word
   */
  constructor(memory: Memory, index: number, owners: Owners, grow: () => number) {
    this.#memory = memory;
    this.#words = memory.words;
    this.#index = index;
    this.#owners = owners;
    this.#grow = grow;
    this.#chunk = index + FIRST_CHUNK;
  }

  /**
   * Begins to wait. The caller holds the lock, and releases it afterwards: whoever takes it then
   * finds the node.
   *
   * @returns what the caller waits with
   * @throws ArenaFullError
   */
  enter(): WaitNode {
    const node = this.#findFree() ?? this.#collect() ?? this.#extend();
    const ticket = this.#words[this.#index + NEXT_TICKET] as number;
    this.#words[node + TICKET] = ticket;
    this.#words[this.#index + NEXT_TICKET] = (ticket + 1) | 0;
    // Last: publishes the node to `notify`.
    Atomics.store(this.#words, node + STATE, this.#owners.id);
    return new WaitNode(this.#memory, node, this.#owners, () => this.#all());
  }

  /**
   * Notifies the calls that have waited longest. The caller holds the lock. Killed halfway, it has
   * notified some of them.
   *
   * @param count - how many at the most
   * @returns what those wait on, for the caller to wake once they can have the lock
   */
  notify(count: number): EventCount[] {
    const notified: EventCount[] = [];
    const nodes = this.#all();
    if (count >= nodes.length) {
      for (const node of nodes) this.#notify(node, notified);
      return notified;
    }
    while (notified.length < count) {
      const node = this.#findOldest(nodes);
      if (node === undefined) break;
      this.#notify(node, notified);
    }
    return notified;
  }

  /** Notifies a call, unless it does not wait any more or its agent has died. */
  #notify(node: number, notified: EventCount[]): void {
    const waiter = Atomics.load(this.#words, node + STATE);
    if (!isWaiting(waiter)) return;
    if (this.#owners.isGone(waiter)) {
      Atomics.compareExchange(this.#words, node + STATE, waiter, 0);
      return;
    }
    const next = this.#words[this.#index + NEXT_TICKET] as number;
    Atomics.store(this.#words, node + SEEN, next);
    // Publishes SEEN to whoever inherits.
    const before = Atomics.compareExchange(this.#words, node + STATE, waiter, waiter | NOTIFIED);
    if (before === waiter) notified.push(eventsOf(this.#memory, node));
  }

  #findOldest(nodes: readonly number[]): number | undefined {
    let oldest: number | undefined;
    let least = 0;
    for (const node of nodes) {
      if (!isWaiting(Atomics.load(this.#words, node + STATE))) continue;
      const ticket = this.#words[node + TICKET] as number;
      if (oldest !== undefined && !isEarlier(ticket, least)) continue;
      oldest = node;
      least = ticket;
    }
    return oldest;
  }

  #findFree(): number | undefined {
    return this.#all().find((node) => Atomics.load(this.#words, node + STATE) === 0);
  }

  /** Frees the nodes of dead agents, as far as nobody may inherit from them. */
  #collect(): number | undefined {
    for (const node of this.#all()) {
      const state = Atomics.load(this.#words, node + STATE);
      const agent = state & ~NOTIFIED;
      if (state === 0 || (agent !== 0 && !this.#owners.isGone(agent))) continue;
      if (!isWaiting(state) && this.#hasHeir(node)) continue;
      // By exchange: it may be inherited at this moment.
      Atomics.compareExchange(this.#words, node + STATE, state, 0);
    }
    return this.#findFree();
  }

  #hasHeir(dead: number): boolean {
    const seen = Atomics.load(this.#words, dead + SEEN);
    return this.#all().some((node) => {
      const waiter = Atomics.load(this.#words, node + STATE);
      if (!isWaiting(waiter) || this.#owners.isGone(waiter)) return false;
      return isEarlier(this.#words[node + TICKET] as number, seen);
    });
  }

  /** A node that was never used. */
  #extend(): number {
    const used = this.#all().length;
    if (used > 0 && used % NODES === 0 && Atomics.load(this.#words, this.#chunk + NEXT) === 0) {
      Atomics.store(this.#words, this.#chunk + NEXT, this.#grow());
    }
    Atomics.store(this.#words, this.#index + USED, used + 1);
    return this.#all()[used] as number;
  }

  /** Indices of all nodes that were ever used. They lie still, so they are remembered. */
  #all(): readonly number[] {
    const used = Atomics.load(this.#words, this.#index + USED);
    while (this.#nodes.length < used) {
      const position = this.#nodes.length % NODES;
      // USED was stored after NEXT.
      const isNext = position === 0 && this.#nodes.length > 0;
      if (isNext) this.#chunk = Atomics.load(this.#words, this.#chunk + NEXT);
      this.#nodes.push(this.#chunk + FIRST_NODE + position * NODE_WORDS);
    }
    return this.#nodes;
  }
}

function isWaiting(state: number): boolean {
  return state !== 0 && (state & NOTIFIED) === 0;
}
