import type { Agent } from '../agents/agent.js';
import type { Arena } from '../memory/arena.js';

/**
 * Words of a channel. All zero is an empty one.
 *
 * | word | what | who changes it |
 * | --- | --- | --- |
 * | SEGMENTS | 0, or the first segment as an owned word: used-up ones (one at the most, as a rule), then those from HEAD_SEGMENT to TAIL_SEGMENT | by compare-exchange: a producer that uses a used-up one again, a consumer that frees it |
 * | STATE | {@link OPEN}, {@link ENDED} | holder of PUT_LOCK |
 * | HEAD_SEGMENT | segment of the next value to take, or the one before it; 0: none yet | holder of TAKE_LOCK; holder of PUT_LOCK from 0 |
 * | PUT_LOCK, TAKE_LOCK | one lock for each end | `MutexWord` |
 * | TAIL | ticket of the next value to put; storing it publishes the slot before it to `TakeEnd` | holder of PUT_LOCK |
 * | TAIL_SEGMENT | segment of the latest value, or the one before it; 0: none yet | holder of PUT_LOCK |
 * | TAIL_BYTES | two words; the one at TAIL & 1 counts the bytes of payloads that were ever put | holder of PUT_LOCK, the other one before TAIL |
 * | HEAD | ticket of the next value to take; storing it takes the slot before it, and publishes the room to `PutEnd` | holder of TAKE_LOCK |
 * | HEAD_BYTES | as TAIL_BYTES, of those taken | holder of TAKE_LOCK, the other one before HEAD |
 * | ITEMS, ROOM | event counts | `EventCount` |
 *
 * Tickets and byte counts wrap. Every change commits by one store, of TAIL or HEAD. An agent that
 * dies before it leaves at most a block, in a slot or in nobody's hands; one that dies after it has
 * put or taken. So the next holder of its lock has nothing to repair: the two segments may lag
 * behind by one, which shows in the ticket, and a slot's leftover is freed when it is used again.
 *
 * Who holds the lock of an end reads what only holders of it change as plain data, which the lock's
 * compare-exchange publishes: every call of `Atomics` is a call of a function, and these are many.
 *
 * What producers write, what consumers write and what waiters write is 64 bytes apart, so that the
 * two ends do not take cache lines from each other.
 */
export const CHANNEL = {
  SEGMENTS: 0,
  STATE: 1,
  HEAD_SEGMENT: 2,
  PUT_LOCK: 16,
  TAIL: 21,
  TAIL_SEGMENT: 22,
  TAIL_BYTES: 23,
  TAKE_LOCK: 32,
  HEAD: 37,
  HEAD_BYTES: 38,
  ITEMS: 48,
  ROOM: 50,
  WORDS: 64,
} as const;

/** Of STATE: values are put and taken. */
export const OPEN = 0;
/** Of STATE: nothing can be put any more; what is there can still be taken. */
export const ENDED = 1;

/** The locks are held for a microsecond; only one whose holder was stopped takes so long. */
export const LOCK_PATIENCE = { timeout: 1000 };

/** What a channel needs of its family. */
export interface ChannelHome {
  /** Where its memory comes from. */
  readonly arena: Arena;
  /** Who waits for its locks and wakes others. */
  readonly agent: Agent;
}

/** Index of the first word of the segment that an owned word leads to; 0: none. */
export function segmentOf(owned: number): number {
  return (owned & ~7) / 4;
}

/**
 * Takes the first segment, which is used up, out of the chain. Producers and consumers do so at the
 * same time, hence the compare-exchange. The segment cannot have gone and become the first again
 * since the caller looked: it would have to pass through the end that the caller has locked.
 *
 * @param words - the family's memory
 * @param index - of the channel's first word
 * @param first - value of SEGMENTS
 * @param link - which word of a segment leads to the next
 */
export function unlinkFirst(
  words: Int32Array,
  index: number,
  first: number,
  link: number,
): boolean {
  const next = Atomics.load(words, segmentOf(first) + link);
  return Atomics.compareExchange(words, index + CHANNEL.SEGMENTS, first, next) === first;
}
