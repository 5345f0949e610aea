import type { Agent } from '../agents/agent.js';
import type { Encoded } from '../codec/types.js';
import { isMultiprocError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { OWNED } from '../objects/owned.js';
import { freePayload } from '../objects/payload.js';
import { block } from '../waiting/block.js';
import { MutexWord } from '../waiting/mutex-word.js';
import {
  CHANNEL,
  type ChannelHome,
  ENDED,
  LOCK_PATIENCE,
  OPEN,
  segmentOf,
  unlinkFirst,
} from './layout.js';
import {
  BASE,
  clearSlot,
  INLINE,
  LINK,
  makeSegment,
  renewSegment,
  SLOT,
  SLOT_BYTES,
  slotAt,
  slotsAfter,
  slotsOf,
} from './segment.js';
import { bytesFor, mayGrow, tryWritePayload } from './share.js';

/** Longer values are written before the lock is taken, and each takes it by itself. */
const LONG = 4096;

/** Short values that cannot be copied in words, on their way into a slot. */
const scratchWords = new Int32Array(INLINE / 4);
const scratch = new Uint8Array(scratchWords.buffer);

/** The end of a channel that values are put in at. */
export class PutEnd {
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;
  // HEAD as this agent saw it last, so that it need not fetch the consumers' cache line each time:
  // at least so much room is there as long as TAIL is as this agent left it.
  #knownHead = 0;
  #lastTail = 0;

  /**
   * @param home - the family
   * @param index - index of the channel's first word
   */
  constructor(home: ChannelHome, index: number) {
    this.#arena = home.arena;
    this.#agent = home.agent;
    this.#words = home.arena.memory.words;
    this.#index = index;
    this.#lock = new MutexWord(home.arena.memory, index + CHANNEL.PUT_LOCK, home.agent);
  }

  /** Puts a value in, if there is room. See `Channel.put`. */
  put(encoded: Encoded, limit: number): boolean {
    if (isShort(encoded)) return this.#appendAlone(encoded, 0, 0, limit);
    const bytes = bytesFor(this.#arena, encoded);
    // Written outside the lock: it may be long.
    const payload = this.#writeIfRoom(encoded, bytes, limit);
    if (payload === undefined) return false;
    const isPut = this.#appendAlone(encoded, payload, bytes, limit);
    if (!isPut) freePayload(this.#arena, payload);
    return isPut;
  }

  /** Puts values in until there is no more room; returns how many. See `Channel.putMany`. */
  putMany(list: readonly Encoded[], limit: number): number {
    let count = 0;
    while (count < list.length) {
      const before = count;
      const encoded = list[count] as Encoded;
      if (encoded.byteLength > LONG) count += this.put(encoded, limit) ? 1 : 0;
      else count = this.#putRun(list, count, limit);
      if (count === before) break;
    }
    return count;
  }

  /** Refuses everything that comes later; `false` when that was so before. */
  end(): boolean {
    block(this.#agent, this.#lock.events, this.#lock, {});
    const before = this.#read(CHANNEL.STATE);
    this.#store(CHANNEL.STATE, ENDED);
    this.#lock.release();
    return before === OPEN;
  }

  /** Puts values that are not long, from a position on; returns the position of the first one left. */
  #putRun(list: readonly Encoded[], start: number, limit: number): number {
    let position = start;
    if (!this.#enter()) return position;
    try {
      while (position < list.length && this.#putLocked(list[position] as Encoded, limit))
        position++;
    } finally {
      this.#lock.release();
    }
    return position;
  }

  /** The lock is held. */
  #putLocked(encoded: Encoded, limit: number): boolean {
    if (encoded.byteLength > LONG) return false;
    if (isShort(encoded)) return this.#append(encoded, 0, 0, limit);
    const bytes = bytesFor(this.#arena, encoded);
    const payload = this.#writeIfRoom(encoded, bytes, limit);
    if (payload === undefined) return false;
    if (this.#append(encoded, payload, bytes, limit)) return true;
    freePayload(this.#arena, payload);
    return false;
  }

  /** Writes a value into a block of its own. */
  #writeIfRoom(encoded: Encoded, bytes: number, limit: number): number | undefined {
    if (!this.#hasRoom(limit) || !this.#mayGrow(bytes)) return undefined;
    return tryWritePayload(this.#arena, encoded);
  }

  #enter(): boolean {
    if (this.#lock.takeFree()) return true;
    return block(this.#agent, this.#lock.events, this.#lock, LOCK_PATIENCE) !== undefined;
  }

  #appendAlone(encoded: Encoded, payload: number, bytes: number, limit: number): boolean {
    if (!this.#enter()) return false;
    try {
      return this.#append(encoded, payload, bytes, limit);
    } finally {
      this.#lock.release();
    }
  }

  /**
   * Asked first without the lock, when what producers write may be out of date: HEAD is not, so a
   * channel that then has no room has none.
   */
  #hasRoom(limit: number): boolean {
    if (this.#read(CHANNEL.STATE) === ENDED) return false;
    const tail = this.#read(CHANNEL.TAIL);
    if (tail === this.#lastTail && ((tail - this.#knownHead) | 0) < limit) return true;
    this.#knownHead = this.#load(CHANNEL.HEAD);
    this.#lastTail = tail;
    return ((tail - this.#knownHead) | 0) < limit;
  }

  /** Whether the channel may take so much more of the arena. */
  #mayGrow(bytes: number): boolean {
    const tail = this.#read(CHANNEL.TAIL);
    const head = this.#load(CHANNEL.HEAD);
    const put = this.#read(CHANNEL.TAIL_BYTES + (tail & 1));
    const taken = this.#load(CHANNEL.HEAD_BYTES + (head & 1));
    const held = ((put - taken) | 0) + ((tail - head) | 0) * SLOT_BYTES;
    return mayGrow(this.#arena, held, bytes);
  }

  /** Puts a short value, or the payload of a longer one, if there still is room. The lock is held. */
  #append(encoded: Encoded, payload: number, bytes: number, limit: number): boolean {
    if (!this.#hasRoom(limit)) return false;
    const words = this.#words;
    const tail = this.#read(CHANNEL.TAIL);
    const segment = this.#tailSegment(tail);
    if (segment === 0) return false;
    const slot = slotAt(segment, (tail - (words[segment + BASE] as number)) | 0);
    if (words[slot + SLOT.OWNED] !== 0) clearSlot(this.#arena, slot);
    if (payload === 0) {
      writeShort(encoded, words, slot);
      words[slot + SLOT.LENGTH] = encoded.byteLength;
    } else {
      words[slot + SLOT.BYTES] = bytes;
      words[slot + SLOT.OWNED] = payload | OWNED.PAYLOAD;
    }
    const next = (tail + 1) | 0;
    const count = this.#index + CHANNEL.TAIL_BYTES;
    words[count + (next & 1)] = (words[count + (tail & 1)] as number) + bytes;
    // Publishes the slot, the link to its segment, and the count of bytes to TakeEnd.
    this.#store(CHANNEL.TAIL, next);
    this.#lastTail = next;
    return true;
  }

  /** The segment of a ticket, made and linked if need be; 0: the arena is full. */
  #tailSegment(tail: number): number {
    const segment = this.#read(CHANNEL.TAIL_SEGMENT);
    if (segment === 0) return this.#firstSegment(tail);
    const slots = slotsOf(this.#words, segment);
    if (((tail - (this.#words[segment + BASE] as number)) | 0) < slots) return segment;
    // Linked already by a producer that died before it had stored TAIL_SEGMENT.
    let next = segmentOf(this.#words[segment + LINK] as number);
    if (next === 0) {
      next = this.#newSegment(slotsAfter(slots), tail);
      if (next === 0) return 0;
      // Linked before its first ticket: whoever follows a ticket finds the segment.
      Atomics.store(this.#words, segment + LINK, (next * 4) | OWNED.BRANCH);
    }
    this.#store(CHANNEL.TAIL_SEGMENT, next);
    return next;
  }

  #firstSegment(tail: number): number {
    // Made already by a producer that died before it had stored TAIL_SEGMENT.
    let segment = segmentOf(this.#load(CHANNEL.SEGMENTS));
    if (segment === 0) {
      segment = this.#newSegment(slotsAfter(0), tail);
      if (segment === 0) return 0;
      this.#store(CHANNEL.SEGMENTS, (segment * 4) | OWNED.BRANCH);
    }
    this.#store(CHANNEL.HEAD_SEGMENT, segment);
    this.#store(CHANNEL.TAIL_SEGMENT, segment);
    return segment;
  }

  #newSegment(slots: number, base: number): number {
    // In this order: a first segment that is not HEAD_SEGMENT, then, has been used up. HEAD_SEGMENT
    // may move on meanwhile; the segment that it leaves stays in the chain or is freed.
    const head = this.#load(CHANNEL.HEAD_SEGMENT);
    const first = this.#load(CHANNEL.SEGMENTS);
    const used = segmentOf(first);
    if (used !== 0 && used !== head && unlinkFirst(this.#words, this.#index, first, LINK)) {
      return renewSegment(this.#arena, used, base);
    }
    if (!this.#mayGrow((slots + 1) * SLOT_BYTES)) return 0;
    try {
      return makeSegment(this.#arena, slots, base);
    } catch (error) {
      if (isMultiprocError(error, 'ERR_ARENA_FULL')) return 0;
      throw error;
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

/** Whether a value travels in the slot. */
function isShort({ byteLength, references }: Encoded): boolean {
  return byteLength <= INLINE && references.length === 0;
}

/** Writes a short value into a slot. */
function writeShort(encoded: Encoded, words: Int32Array, slot: number): void {
  if (encoded.copyWords?.(words, slot)) return;
  encoded.copyTo(scratch);
  for (let word = 0; word < (encoded.byteLength + 3) >> 2; word++) {
    words[slot + word] = scratchWords[word] as number;
  }
}
