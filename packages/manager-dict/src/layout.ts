import { BRANCH_HEADER, EventCount, MutexWord } from '@multiproc/core';

/**
 * A dictionary from the outside in. Everything is found from the content of the shared object:
 *
 * ```
 * content ─ ROOT ─ root ─ TABLES[stripe] ─ table ─ slot ─┐
 *    │               └─── CHUNKS[n] ────── chunk ── cell ┴─ ENTRY ─ entry (key and value)
 *    └─ LIMBO[stripe] ─ limbo: what was taken out and may still be read
 * ```
 *
 * Readers take no lock: they pin an epoch and follow the words from ROOT down, each by
 * `Atomics.load`. Whoever changes a key holds the lock of its stripe; who replaces the root holds
 * all of them. A key is in the dictionary exactly when a cell that a slot leads to has an entry, so
 * the store of ENTRY is what commits `set`, `delete` and `compute`; the store of ROOT commits
 * `clear`. Nothing that is reachable is ever changed but by such stores.
 *
 * A kill leaves: before the store, the old value (and the new entry leaks); after it, the new value
 * (and the old entry leaks, unless it had reached the limbo). LIVE and USED may be wrong then:
 * the stripe's next owner hears that it inherits the lock and counts again.
 */
export const STRIPES = 16;

/** Upper bits of a hash choose the stripe. */
export const STRIPE_SHIFT = 28;

/** The index of the block that an owned word leads to; right for all tags below 4. */
export function indexOf(owned: number): number {
  return owned >>> 2;
}

/**
 * Content of the shared object: words from its first.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | 0, 1 | branch header over ROOT and LIMBO | creator |
 * | ROOT | 0: nothing was ever stored | holder of a stripe lock, by compare-exchange to the first root |
 * | | root + BRANCH | holder of all stripe locks, to a new one |
 * | LIMBO | one per stripe: 0, or its limbo + BRANCH | holder of the stripe's lock |
 * | FLAGS | see `FLAG` | creator |
 * | SEED | of the hashes, so that nobody can prepare colliding keys | creator |
 * | STRIPES | 16 stripes of 16 words, each in a cache line of its own | |
 */
export const DICT = {
  ROOT: BRANCH_HEADER,
  LIMBO: BRANCH_HEADER + 1,
  FLAGS: BRANCH_HEADER + 1 + STRIPES,
  SEED: BRANCH_HEADER + 2 + STRIPES,
  // The content begins 16 bytes behind a border of 64: 28 words on is the next one but one.
  STRIPES: 28,
} as const;

/** Bits of FLAGS. */
export const FLAG = {
  /** Objects and arrays that are read are not frozen. */
  UNFROZEN: 1,
} as const;

/**
 * A stripe: what the keys with equal upper hash bits have in common.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | LOCK | five words | `MutexWord` |
 * | CHANGES | event count: woken after every change of one of the keys, and when a key is unlocked | `EventCount` |
 * | LIVE | keys that are in the dictionary; anybody adds them up | holder of LOCK; counted again after its death |
 * | USED | slots of the table that are not free; seen under LOCK alone | holder of LOCK; counted again after its death |
 */
export const STRIPE = {
  LOCK: 0,
  CHANGES: MutexWord.WORDS,
  LIVE: MutexWord.WORDS + EventCount.WORDS,
  USED: MutexWord.WORDS + EventCount.WORDS + 1,
} as const;

const STRIPE_WORDS = 16;

/** Bytes of the content. */
export const CONTENT_BYTES = (DICT.STRIPES + STRIPES * STRIPE_WORDS) * 4;

/** Words from the content's first to that of a stripe. */
export function stripeAt(stripe: number): number {
  return DICT.STRIPES + stripe * STRIPE_WORDS;
}

/** Chunks of cells that a root has room for: 67 million cells. */
export const CHUNKS = 22;

/**
 * A root: one generation of the dictionary, until `clear` or a compaction makes another.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | 0, 1 | branch header over JUNK to TABLES | creator |
 * | JUNK | 0, or what the previous root was made of + BRANCH | creator; who frees it, by compare-exchange to 0 |
 * | NUMBERS | 0, or the places in order of the first PREFIX cells (8 bytes each) + BLOCK | creator |
 * | DRAFT | 0, or a list of what a compaction has made so far + BRANCH; the store of another root ends its meaning | holder of all stripe locks |
 * | CHUNKS | 0, or chunk n + BRANCH | who needs it first, by compare-exchange |
 * | TABLES | one per stripe: 0, or its table + BLOCK | holder of the stripe's lock |
 * | BASE | two words: what is added to the position of a later cell to give its place in order | creator |
 * | PREFIX | cells that came from the previous root | creator |
 * | NEXT | cells that were ever given out | `Atomics.add` by holders of any stripe's lock |
 * | DEAD | about how many of them have lost their entry: decides when to compact | `Atomics.add` |
 * | JUNK_EPOCH, JUNK_NOTED | the epoch after which JUNK was unreachable; whether that was noted | holder of a stripe lock, the epoch first |
 *
 * A *place in order* is a number that a key keeps while it stays in the dictionary, whatever root
 * its cell is in: an iterator remembers the place that it has reached, and no cell.
 */
export const ROOT = {
  JUNK: BRANCH_HEADER,
  NUMBERS: BRANCH_HEADER + 1,
  DRAFT: BRANCH_HEADER + 2,
  CHUNKS: BRANCH_HEADER + 3,
  TABLES: BRANCH_HEADER + 3 + CHUNKS,
  BASE: BRANCH_HEADER + 3 + CHUNKS + STRIPES,
  PREFIX: BRANCH_HEADER + 5 + CHUNKS + STRIPES,
  // In a cache line that readers of values do not touch.
  NEXT: 48,
  DEAD: 49,
  JUNK_EPOCH: 50,
  JUNK_NOTED: 51,
} as const;

/** Owned words of a root. */
export const ROOT_OWNED = ROOT.BASE - ROOT.JUNK;

/** Words of a root. */
export const ROOT_WORDS = 64;

/**
 * A table: open addressing with linear probing; a power of two of slots.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | MASK | slots - 1 | creator |
 * | slot: HASH | of the key that CELL leads to | holder of the stripe's lock, before CELL |
 * | slot: CELL | 0: free, and ends every search | holder of the stripe's lock |
 * | | index of a cell | holder of the stripe's lock, to GONE |
 * | | GONE: its key was deleted | holder of the stripe's lock, to the cell of a new key |
 *
 * A reader that meets a slot while it changes finds a cell without an entry, or another hash: it
 * overlaps the deletion of the key that was here, so "not there" is a right answer.
 */
export const TABLE = { MASK: 0, SLOTS: 2, SLOT_WORDS: 2, HASH: 0, CELL: 1 } as const;

/** See {@link TABLE}. */
export const GONE = -1;

/**
 * A chunk of cells, chunk n with 16 × 2^n of them. First a branch header over their ENTRY words.
 *
 * | word of a cell | value | who changes it |
 * | --- | --- | --- |
 * | ENTRY | 0: the key is not there, and this cell never has one again once it had | holder of the stripe's lock |
 * | | entry + PAYLOAD | holder of the stripe's lock; the store commits |
 * | OWNER | 0, or the agent that computes the value: only it may change ENTRY while it lives | holder of the stripe's lock |
 * | HASH | of the key | holder of the stripe's lock, before ENTRY |
 */
export const CELL = { ENTRY: 0, OWNER: 1, HASH: 2, WORDS: 3 } as const;

/** Cells of the first chunk, as a power of two. */
export const CHUNK_SHIFT = 4;

/**
 * A limbo: a ring of what was taken out and may still be read, oldest first.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | 0, 1 | branch header over the records | creator |
 * | HEAD, TAIL | numbers of the oldest record and of the one behind the newest | holder of the stripe's lock |
 * | record | an owned word, or 0; and the epoch after which it was unreachable | holder of the stripe's lock, the epoch first |
 */
export const LIMBO = { HEAD: 2, TAIL: 3, RECORDS: 4, RECORD_WORDS: 2 } as const;

/** Records of a first limbo, which fills 256 bytes. */
export const LIMBO_RECORDS = 30;

/**
 * An entry: a payload (`writePayload`) whose value is, from a multiple of 8 bytes on:
 *
 * | offset | what |
 * | --- | --- |
 * | 0 | KEY: kind of the key + its bytes × 16, see `key.ts`; with {@link ABSENT}: the key has no value |
 * | 4 | the key |
 * | next multiple of 8 from the entry's begin | the encoded value |
 *
 * It is never changed once a cell has led to it.
 */
export const KEY_BYTES_SHIFT = 4;

/** Flag of KEY: stands for a key that is being computed and was not there before. */
export const ABSENT = 1 << 30;

/** Where the payload of an entry without references begins. */
export const PLAIN_START = 8;
