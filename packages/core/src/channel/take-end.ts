import type { Agent } from '../agents/agent.js';
import type { Arena } from '../memory/arena.js';
import { block } from '../waiting/block.js';
import { MutexWord } from '../waiting/mutex-word.js';
import { CHANNEL, type ChannelHome, LOCK_PATIENCE, segmentOf, unlinkFirst } from './layout.js';
import { BASE, freeSegment, LINK, SLOT, slotAt, slotsOf } from './segment.js';
import { type Taken, takeInline, takePayload } from './taken.js';

/** Is told of each value that this agent takes, so that it can keep an account that its death leaves exact. */
export interface Ledger {
  /** Called before the value is taken: what is written here counts only if HEAD passes `ticket`. */
  taking(ticket: number): void;
  /** Called afterwards. An agent that dies in between has taken the value. */
  taken(): void;
}

/** The end of a channel that values are taken from. */
export class TakeEnd {
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;
  readonly #onFree: () => void;
  readonly #ledger: Ledger | undefined;
  // TAIL as this agent saw it last, so that it need not fetch the producers' cache line each time:
  // values up to it are there as long as HEAD is as this agent left it.
  #knownTail = 0;
  #lastHead = 0;

  /**
   * @param home - the family
   * @param index - index of the channel's first word
   * @param onFree - called when a taken value has given its memory back
   * @param ledger - told of each take
   */
  constructor(home: ChannelHome, index: number, onFree: () => void, ledger?: Ledger) {
    this.#arena = home.arena;
    this.#agent = home.agent;
    this.#words = home.arena.memory.words;
    this.#index = index;
    this.#lock = new MutexWord(home.arena.memory, index + CHANNEL.TAKE_LOCK, home.agent);
    this.#onFree = onFree;
    this.#ledger = ledger;
  }

  /** Takes the oldest value, if there is one. */
  take(): Taken | undefined {
    if (this.#isEmpty() || !this.#enter()) return undefined;
    try {
      return this.#isEmpty() ? undefined : this.#takeNext();
    } finally {
      this.#lock.release();
    }
  }

  /** Takes the oldest values, `max` at the most. */
  takeMany(max: number): Taken[] {
    const taken: Taken[] = [];
    if (this.#isEmpty() || !this.#enter()) return taken;
    try {
      while (taken.length < max && !this.#isEmpty()) taken.push(this.#takeNext());
    } finally {
      this.#lock.release();
    }
    return taken;
  }

  #enter(): boolean {
    if (this.#lock.takeFree()) return true;
    return block(this.#agent, this.#lock.events, this.#lock, LOCK_PATIENCE) !== undefined;
  }

  /**
   * Asked first without the lock, when HEAD may be out of date: TAIL is not, and a channel whose
   * TAIL is where HEAD was is empty.
   */
  #isEmpty(): boolean {
    const head = this.#read(CHANNEL.HEAD);
    if (head !== this.#lastHead || head === this.#knownTail) {
      this.#knownTail = this.#load(CHANNEL.TAIL);
      this.#lastHead = head;
    }
    return head === this.#knownTail;
  }

  /** Takes a value that is known to be there. The lock is held. */
  #takeNext(): Taken {
    const words = this.#words;
    const head = this.#read(CHANNEL.HEAD);
    let segment = this.#read(CHANNEL.HEAD_SEGMENT);
    let position = (head - (words[segment + BASE] as number)) | 0;
    if (position === slotsOf(words, segment)) {
      segment = this.#advance(segment);
      position = 0;
    }
    const slot = slotAt(segment, position);
    const payload = (words[slot + SLOT.OWNED] as number) & ~7;
    const taken =
      payload === 0
        ? takeInline(words, slot, words[slot + SLOT.LENGTH] as number)
        : takePayload(this.#arena, payload, this.#onFree);
    const next = (head + 1) | 0;
    const bytes = payload === 0 ? 0 : (words[slot + SLOT.BYTES] as number);
    const count = this.#index + CHANNEL.HEAD_BYTES;
    words[count + (next & 1)] = (words[count + (head & 1)] as number) + bytes;
    this.#ledger?.taking(head);
    // Takes the value: from here on nobody else can. Publishes the count of bytes to PutEnd.
    this.#store(CHANNEL.HEAD, next);
    if (payload !== 0) words[slot + SLOT.OWNED] = 0;
    this.#ledger?.taken();
    this.#lastHead = next;
    return taken;
  }

  /** Goes on to the next segment. Frees used-up ones but for this one, which is kept for reuse. */
  #advance(segment: number): number {
    const next = segmentOf(this.#words[segment + LINK] as number);
    this.#store(CHANNEL.HEAD_SEGMENT, next);
    // Loops because a producer may use the first one again meanwhile, even `segment` itself.
    for (;;) {
      const first = this.#load(CHANNEL.SEGMENTS);
      const used = segmentOf(first);
      if (used === segment || used === next) return next;
      if (unlinkFirst(this.#words, this.#index, first, LINK)) freeSegment(this.#arena, used);
    }
  }

  /** A word that only the holder of the lock changes: an atomic load would cost ten times as much. */
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
