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
import { bytesFor, shareOf, tryWritePayload } from './share.js';

/** Longer values are written before the lock is taken, and each takes it by itself. */
const LONG = 4096;

/** Short values on their way into a slot. */
const scratchWords = new Int32Array(INLINE / 4);
const scratch = new Uint8Array(scratchWords.buffer);

/** The end of a channel that values are put in at. */
export class PutEnd {
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;
  readonly #share: number;
  // HEAD as this agent saw it last, so that it need not fetch the consumers' cache line each time:
  // at least so much room is there as long as TAIL is as this agent left it.
  #knownHead = 0;
  #knownHeadBytes = 0;
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
    this.#share = shareOf(home.arena);
  }

  /** Puts a value in, if there is room. See `Channel.put`. */
  put(encoded: Encoded, limit: number): boolean {
    if (isShort(encoded)) {
      encoded.copyTo(scratch);
      return this.#appendAlone(encoded.byteLength, 0, 0, limit);
    }
    const bytes = bytesFor(this.#arena, encoded);
    if (!this.#hasRoom(bytes, limit)) return false;
    // Written outside the lock: it may be long.
    const payload = tryWritePayload(this.#arena, encoded);
    if (payload === undefined) return false;
    const isPut = this.#appendAlone(0, payload, bytes, limit);
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
    const before = this.#load(CHANNEL.STATE);
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
    if (isShort(encoded)) {
      encoded.copyTo(scratch);
      return this.#append(encoded.byteLength, 0, 0, limit);
    }
    const bytes = bytesFor(this.#arena, encoded);
    if (!this.#hasRoom(bytes, limit)) return false;
    const payload = tryWritePayload(this.#arena, encoded);
    if (payload === undefined) return false;
    if (this.#append(0, payload, bytes, limit)) return true;
    freePayload(this.#arena, payload);
    return false;
  }

  #enter(): boolean {
    if (this.#lock.takeFree()) return true;
    return block(this.#agent, this.#lock.events, this.#lock, LOCK_PATIENCE) !== undefined;
  }

  #appendAlone(length: number, payload: number, bytes: number, limit: number): boolean {
    if (!this.#enter()) return false;
    try {
      return this.#append(length, payload, bytes, limit);
    } finally {
      this.#lock.release();
    }
  }

  #hasRoom(bytes: number, limit: number): boolean {
    if (this.#load(CHANNEL.STATE) === ENDED) return false;
    const tail = this.#load(CHANNEL.TAIL);
    if (tail === this.#lastTail && this.#fits(tail, bytes, limit)) return true;
    this.#knownHead = this.#load(CHANNEL.HEAD);
    this.#knownHeadBytes = this.#load(CHANNEL.HEAD_BYTES + (this.#knownHead & 1));
    this.#lastTail = tail;
    return this.#fits(tail, bytes, limit);
  }

  #fits(tail: number, bytes: number, limit: number): boolean {
    const size = (tail - this.#knownHead) | 0;
    if (size >= limit) return false;
    const held = (this.#load(CHANNEL.TAIL_BYTES + (tail & 1)) - this.#knownHeadBytes) | 0;
    return held + bytes + (size + 1) * SLOT_BYTES <= this.#share;
  }

  /** Puts what is in the scratch, or the payload, if there still is room. The lock is held. */
  #append(length: number, payload: number, bytes: number, limit: number): boolean {
    if (!this.#hasRoom(bytes, limit)) return false;
    const words = this.#words;
    const tail = this.#load(CHANNEL.TAIL);
    const segment = this.#tailSegment(tail);
    if (segment === 0) return false;
    const slot = slotAt(segment, (tail - (words[segment + BASE] as number)) | 0);
    if (words[slot + SLOT.OWNED] !== 0) clearSlot(this.#arena, slot);
    if (payload === 0) {
      for (let word = 0; word < (length + 3) >> 2; word++) {
        words[slot + word] = scratchWords[word] as number;
      }
      words[slot + SLOT.LENGTH] = length;
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
    const segment = this.#load(CHANNEL.TAIL_SEGMENT);
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
    try {
      return makeSegment(this.#arena, slots, base);
    } catch (error) {
      if (isMultiprocError(error, 'ERR_ARENA_FULL')) return 0;
      throw error;
    }
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
