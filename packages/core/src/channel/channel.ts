import type { Agent } from '../agents/agent.js';
import type { Encoded } from '../codec/types.js';
import { EventCount } from '../waiting/event-count.js';
import { CHANNEL, type ChannelHome, ENDED } from './layout.js';
import { PutEnd } from './put-end.js';
import { type Ledger, TakeEnd } from './take-end.js';
import type { Taken } from './taken.js';

/**
 * Values on their way from any number of agents to any number of others, first in, first out:
 * what queues, pipes and pools are made of. See `layout.ts` for its words.
 *
 * It never waits for room or items; its owner does, with `block` or `blockAsync` on
 * {@link Channel.room} and {@link Channel.items}. It waits for the lock of an end, which is held
 * for microseconds; when a holder was stopped, `put` and `take` report failure after a second.
 */
export class Channel {
  /** Words that a channel needs, all zero at first. */
  static readonly WORDS = CHANNEL.WORDS;
  /** Which of its words is owned: the branch header of the object around it must cover it. */
  static readonly OWNED = CHANNEL.SEGMENTS;

  /** Woken when something was put, and when the channel was ended. */
  readonly items: EventCount;
  /** Woken when something was taken or its memory freed, and when the channel was ended. */
  readonly room: EventCount;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #putEnd: PutEnd;
  readonly #takeEnd: TakeEnd;

  /**
   * @param home - the family
   * @param index - index of the first of its words
   * @param ledger - told of each value that this agent takes
   */
  constructor(home: ChannelHome, index: number, ledger?: Ledger) {
    const { memory } = home.arena;
    this.#agent = home.agent;
    this.#words = memory.words;
    this.#index = index;
    this.items = new EventCount(memory, index + CHANNEL.ITEMS);
    this.room = new EventCount(memory, index + CHANNEL.ROOM);
    this.#putEnd = new PutEnd(home, index);
    this.#takeEnd = new TakeEnd(home, index, () => this.room.wake(this.#agent, false), ledger);
  }

  /** How many values are in it: exact at one moment during the call. */
  get size(): number {
    for (;;) {
      const head = this.#load(CHANNEL.HEAD);
      const tail = this.#load(CHANNEL.TAIL);
      // Nothing was taken before TAIL was read, so both were so at that moment.
      if (this.#load(CHANNEL.HEAD) === head) return (tail - head) | 0;
    }
  }

  /** Ticket of the next value to put: how many were ever put, as a number of 32 bits. */
  get tail(): number {
    return this.#load(CHANNEL.TAIL);
  }

  /** Ticket of the next value to take: how many were ever taken, as a number of 32 bits. */
  get head(): number {
    return this.#load(CHANNEL.HEAD);
  }

  /** Bytes that the blocks of its longer values take up. */
  get bytes(): number {
    for (;;) {
      const head = this.#load(CHANNEL.HEAD);
      const tail = this.#load(CHANNEL.TAIL);
      const put = this.#load(CHANNEL.TAIL_BYTES + (tail & 1));
      const taken = this.#load(CHANNEL.HEAD_BYTES + (head & 1));
      if (this.#load(CHANNEL.HEAD) === head && this.#load(CHANNEL.TAIL) === tail) {
        return (put - taken) | 0;
      }
    }
  }

  /** Whether `end` was called: nothing can be put any more. */
  get isEnded(): boolean {
    return this.#load(CHANNEL.STATE) === ENDED;
  }

  /** Whether nothing is in it and nothing can come. */
  get isFinished(): boolean {
    // In this order: after the end the size can only shrink.
    return this.isEnded && this.size === 0;
  }

  /**
   * Puts a value in, if there is room.
   *
   * @param encoded - the value
   * @param limit - how many values the channel may hold
   * @returns `false` when it holds so many, or its share of the arena (`share.ts`), or
   *   it has been ended
   * @throws ArenaFullError when the value could not even be put into an empty channel
   * @throws DisposedError when a shared object in the value has been disposed
   */
  put(encoded: Encoded, limit: number): boolean {
    if (!this.#putEnd.put(encoded, limit)) return false;
    this.items.wake(this.#agent, false);
    return true;
  }

  /**
   * Puts values in, in as few rounds of the lock as can be, until there is no more room.
   *
   * @param list - values that were kept (`keepEncoded`)
   * @param limit - how many values the channel may hold
   * @returns how many were put
   * @throws as `put`; the values before the one that is refused stay in the channel
   */
  putMany(list: readonly Encoded[], limit: number): number {
    let count = 0;
    try {
      count = this.#putEnd.putMany(list, limit);
    } finally {
      // Also after an error, which does not say how many were put before.
      this.items.wake(this.#agent, list.length > 1);
    }
    return count;
  }

  /**
   * Takes the oldest value out, if there is one. An agent that is killed afterwards takes it with
   * it; one that is killed before leaves it.
   */
  take(): Taken | undefined {
    const taken = this.#takeEnd.take();
    if (taken) this.room.wake(this.#agent, false);
    return taken;
  }

  /**
   * Takes the oldest values out, in one round of the lock. An agent that is killed meanwhile may
   * take all of them with it.
   *
   * @param max - how many at the most
   */
  takeMany(max: number): Taken[] {
    const taken = this.#takeEnd.takeMany(max);
    if (taken.length > 0) this.room.wake(this.#agent, taken.length > 1);
    return taken;
  }

  /**
   * Refuses everything that comes later, and wakes everybody who waits for the channel. What is in
   * it can still be taken.
   *
   * @returns `false` when it had been ended before
   */
  end(): boolean {
    const isFirst = this.#putEnd.end();
    this.items.wake(this.#agent, true);
    this.room.wake(this.#agent, true);
    return isFirst;
  }

  #load(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }
}
