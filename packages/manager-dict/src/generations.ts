import {
  type Arena,
  type Epochs,
  freeOwned,
  isMultiprocError,
  OWNED,
  writeBranch,
} from '@multiproc/core';
import {
  CELL,
  CHUNKS,
  DICT,
  indexOf,
  ROOT,
  ROOT_OWNED,
  ROOT_WORDS,
  STRIPE,
  STRIPE_SHIFT,
  STRIPES,
  stripeAt,
} from './layout.js';
import { baseOf, cellAt, chunkOf, makeChunk, placeAt, writePlace } from './order.js';
import { addTo, makeTable, slotsFor } from './table.js';

const LIST_HEADER = 2;

/** Everything that one root can consist of: itself, a list, numbers, chunks and tables. */
const MOST_PARTS = 4 + CHUNKS + STRIPES;

/**
 * Replaces the root by an empty one. Caller holds all stripe locks.
 *
 * @returns whether all that was in it has been freed
 * @throws ArenaFullError; nothing is changed then
 */
export function clearRoot(arena: Arena, epochs: Epochs, content: number): boolean {
  const { words } = arena.memory;
  const old = indexOf(words[content + DICT.ROOT] as number);
  if (old === 0) return true;
  const offset = makeRoot(arena, old, 0);
  words[(offset >>> 2) + ROOT.JUNK] = (old * 4) | OWNED.BRANCH;
  publish(arena, epochs, content, offset);
  for (let stripe = 0; stripe < STRIPES; stripe++) setCounts(words, content, stripe, 0, 0);
  return freeJunk(arena, epochs, content, false);
}

/**
 * Replaces the root by one whose order has no dead cells, if there is memory for it. Caller holds
 * all stripe locks. Entries stay where they are, and so do the places in order: iterators go on.
 *
 * @returns whether there was
 */
export function compactRoot(arena: Arena, epochs: Epochs, content: number): boolean {
  const { words } = arena.memory;
  const old = indexOf(words[content + DICT.ROOT] as number);
  freeJunk(arena, epochs, content, true);
  let list: PartList;
  try {
    list = new PartList(arena);
  } catch (error) {
    if (isMultiprocError(error, 'ERR_ARENA_FULL')) return false;
    throw error;
  }
  // From here on a kill leaks nothing: what is made is found here, until another root is stored.
  dropDraft(arena, old);
  Atomics.store(words, old + ROOT.DRAFT, list.offset | OWNED.BRANCH);
  try {
    build(arena, epochs, content, old, list);
    return true;
  } catch (error) {
    dropDraft(arena, old);
    if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
    return false;
  }
}

/**
 * Frees what the previous root was made of, as soon as nobody reads it. Caller holds a stripe lock.
 *
 * @param thorough - also look whether readers have died
 * @returns whether nothing is left of it
 */
export function freeJunk(
  arena: Arena,
  epochs: Epochs,
  content: number,
  thorough: boolean,
): boolean {
  const { words } = arena.memory;
  const root = indexOf(Atomics.load(words, content + DICT.ROOT));
  if (root === 0) return true;
  const junk = Atomics.load(words, root + ROOT.JUNK);
  if (junk === 0) return true;
  // Not noted by one that was killed: then now, which is late enough.
  if (Atomics.load(words, root + ROOT.JUNK_NOTED) === 0) noteJunk(words, epochs, root);
  if (!epochs.passes(Atomics.load(words, root + ROOT.JUNK_EPOCH), thorough)) return false;
  // Owners of other stripes may do the same: one of them frees it.
  if (Atomics.compareExchange(words, root + ROOT.JUNK, junk, 0) === junk) freeOwned(arena, junk);
  return true;
}

function noteJunk(words: Int32Array, epochs: Epochs, root: number): void {
  Atomics.store(words, root + ROOT.JUNK_EPOCH, epochs.now);
  Atomics.store(words, root + ROOT.JUNK_NOTED, 1);
}

/** Blocks that are freed together and alone: a branch whose owned words own no more than a block. */
class PartList {
  readonly offset: number;
  readonly #arena: Arena;
  #parts = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.offset = arena.allocate((LIST_HEADER + MOST_PARTS) * 4);
    const { words } = arena.memory;
    const index = this.offset >>> 2;
    words.fill(0, index, index + LIST_HEADER + MOST_PARTS);
    writeBranch(words, index, { count: MOST_PARTS, first: LIST_HEADER });
  }

  /** Adds a block by any word that leads to it. */
  add(offset: number): number {
    const index = (this.offset >>> 2) + LIST_HEADER + this.#parts++;
    Atomics.store(this.#arena.memory.words, index, (offset & ~7) | OWNED.BLOCK);
    return offset;
  }

  /** Adds what is freed with all that it owns. */
  addOwned(owned: number): void {
    const index = (this.offset >>> 2) + LIST_HEADER + this.#parts++;
    Atomics.store(this.#arena.memory.words, index, owned);
  }
}

function dropDraft(arena: Arena, root: number): void {
  const { words } = arena.memory;
  const draft = words[root + ROOT.DRAFT] as number;
  Atomics.store(words, root + ROOT.DRAFT, 0);
  freeOwned(arena, draft);
}

function build(arena: Arena, epochs: Epochs, content: number, old: number, list: PartList): void {
  const { words } = arena.memory;
  const counts = countLive(words, old);
  const live = counts.reduce((sum, count) => sum + count, 0);
  const offset = list.add(makeRoot(arena, old, live));
  const root = offset >>> 2;
  makeParts(arena, root, counts, live, list);
  const junk = new PartList(arena);
  list.add(junk.offset);
  listParts(words, old, junk);
  words[root + ROOT.JUNK] = junk.offset | OWNED.BRANCH;
  move(words, old, root);
  publish(arena, epochs, content, offset);
  for (let stripe = 0; stripe < STRIPES; stripe++) {
    // Keys that are only being computed are in the table, but not in the dictionary.
    setCounts(words, content, stripe, undefined, counts[stripe] as number);
  }
  freeJunk(arena, epochs, content, false);
}

function makeRoot(arena: Arena, old: number, prefix: number): number {
  const offset = arena.allocate(ROOT_WORDS * 4);
  const { words } = arena.memory;
  const root = offset >>> 2;
  words.fill(0, root, root + ROOT_WORDS);
  writeBranch(words, root, { count: ROOT_OWNED, first: ROOT.JUNK });
  words[root + ROOT.NEXT] = prefix;
  words[root + ROOT.PREFIX] = prefix;
  // The next key's place in order is what it would have been.
  writePlace(
    words,
    root + ROOT.BASE,
    baseOf(words, old) + (words[old + ROOT.NEXT] as number) - prefix,
  );
  return offset;
}

function publish(arena: Arena, epochs: Epochs, content: number, offset: number): void {
  const { words } = arena.memory;
  // Commits: publishes all of the new root to readers, and makes the old one its JUNK.
  Atomics.store(words, content + DICT.ROOT, offset | OWNED.BRANCH);
  noteJunk(words, epochs, offset >>> 2);
}

function makeParts(
  arena: Arena,
  root: number,
  counts: readonly number[],
  live: number,
  list: PartList,
): void {
  const { words } = arena.memory;
  if (live > 0) {
    words[root + ROOT.NUMBERS] = list.add(arena.allocate(live * 8)) | OWNED.BLOCK;
    for (let chunk = 0; chunk <= chunkOf(live - 1); chunk++) {
      words[root + ROOT.CHUNKS + chunk] = list.add(makeChunk(arena, chunk)) | OWNED.BRANCH;
    }
  }
  for (const [stripe, count] of counts.entries()) {
    if (count === 0) continue;
    const table = list.add(makeTable(arena, slotsFor(count + 1)));
    words[root + ROOT.TABLES + stripe] = table | OWNED.BLOCK;
  }
}

/** Lists what a root consists of, but for the entries. */
function listParts(words: Int32Array, root: number, junk: PartList): void {
  junk.add(root * 4);
  junk.add(words[root + ROOT.DRAFT] as number);
  const owned = words[root + ROOT.JUNK] as number;
  if (owned !== 0) junk.addOwned(owned);
  for (let word = ROOT.NUMBERS; word < ROOT.BASE; word++) {
    const part = words[root + word] as number;
    if (part !== 0 && word !== ROOT.DRAFT) junk.add(part);
  }
}

function countLive(words: Int32Array, root: number): number[] {
  const counts = new Array<number>(STRIPES).fill(0);
  const end = words[root + ROOT.NEXT] as number;
  for (let position = 0; position < end; position++) {
    const cell = cellAt(words, root, position);
    if (cell === 0 || words[cell + CELL.ENTRY] === 0) continue;
    const stripe = (words[cell + CELL.HASH] as number) >>> STRIPE_SHIFT;
    counts[stripe] = (counts[stripe] as number) + 1;
  }
  return counts;
}

/** Gives each living cell its copy in the new root, in the same order. */
function move(words: Int32Array, old: number, root: number): void {
  const end = words[old + ROOT.NEXT] as number;
  const numbers = indexOf(words[root + ROOT.NUMBERS] as number);
  let next = 0;
  for (let position = 0; position < end; position++) {
    const from = cellAt(words, old, position);
    if (from === 0 || words[from + CELL.ENTRY] === 0) continue;
    const to = cellAt(words, root, next);
    for (let word = 0; word < CELL.WORDS; word++) words[to + word] = words[from + word] as number;
    writePlace(words, numbers + 2 * next, placeAt(words, old, position));
    const hash = words[from + CELL.HASH] as number;
    addTo(words, indexOf(words[root + ROOT.TABLES + (hash >>> STRIPE_SHIFT)] as number), hash, to);
    next++;
  }
}

function setCounts(
  words: Int32Array,
  content: number,
  stripe: number,
  live: number | undefined,
  used: number,
): void {
  const index = content + stripeAt(stripe);
  if (live !== undefined) Atomics.store(words, index + STRIPE.LIVE, live);
  words[index + STRIPE.USED] = used;
}
