import { type Arena, OWNED, writeBranch } from '@multiproc/core';
import { CELL, CHUNK_SHIFT, indexOf, ROOT } from './layout.js';

const CHUNK_HEADER = 2;

/** The chunk that a position lies in. */
export function chunkOf(position: number): number {
  return 31 - Math.clz32((position >>> CHUNK_SHIFT) + 1);
}

/** Position of a chunk's first cell. */
export function chunkStart(chunk: number): number {
  return ((1 << chunk) - 1) << CHUNK_SHIFT;
}

/** Index of a cell in a chunk. */
export function cellIn(chunkIndex: number, cell: number): number {
  return chunkIndex + CHUNK_HEADER + cell * CELL.WORDS;
}

/**
 * Index of the cell at a position of a root's order.
 *
 * @returns 0 when its chunk does not exist: then no cell of it has an entry
 */
export function cellAt(words: Int32Array, root: number, position: number): number {
  const chunk = chunkOf(position);
  const index = indexOf(Atomics.load(words, root + ROOT.CHUNKS + chunk));
  return index === 0 ? 0 : cellIn(index, position - chunkStart(chunk));
}

/**
 * Makes a chunk in which no cell has an entry.
 *
 * @returns its offset
 * @throws ArenaFullError
 */
export function makeChunk(arena: Arena, chunk: number): number {
  const { words } = arena.memory;
  const count = 1 << (chunk + CHUNK_SHIFT);
  const length = CHUNK_HEADER + count * CELL.WORDS;
  const offset = arena.allocate(length * 4);
  const index = offset >>> 2;
  words.fill(0, index, index + length);
  writeBranch(words, index, { count, first: CHUNK_HEADER, stride: CELL.WORDS });
  return offset;
}

/**
 * The cell at a position, whose chunk is made if need be. Caller holds a stripe's lock, so the root
 * stays.
 *
 * @throws ArenaFullError
 */
export function ensureCell(arena: Arena, root: number, position: number): number {
  const { words } = arena.memory;
  const cell = cellAt(words, root, position);
  if (cell !== 0) return cell;
  const chunk = chunkOf(position);
  const offset = makeChunk(arena, chunk);
  const word = root + ROOT.CHUNKS + chunk;
  // Publishes the chunk to everybody. Owners of other stripes may have been faster.
  if (Atomics.compareExchange(words, word, 0, offset | OWNED.BRANCH) !== 0) arena.free(offset);
  return cellAt(words, root, position);
}

/** What is added to the position of a cell behind the PREFIX to give its place in order. */
export function baseOf(words: Int32Array, root: number): number {
  return readPlace(words, root + ROOT.BASE);
}

/** Reads a place in order, which needs two words. */
export function readPlace(words: Int32Array, index: number): number {
  return (words[index + 1] as number) * 2 ** 32 + ((words[index] as number) >>> 0);
}

/** Writes a place in order. */
export function writePlace(words: Int32Array, index: number, place: number): void {
  words[index] = place | 0;
  words[index + 1] = Math.floor(place / 2 ** 32);
}

/** The place in order of the cell at a position. */
export function placeAt(words: Int32Array, root: number, position: number): number {
  if (position >= (words[root + ROOT.PREFIX] as number)) return baseOf(words, root) + position;
  return readPlace(words, indexOf(words[root + ROOT.NUMBERS] as number) + 2 * position);
}

/** How far an iterator has come. */
export interface Reached {
  /** Place in order of the last key, -1 before the first. */
  place: number;
  /** Position of its cell, in the root of that time. */
  position: number;
}

/** Position of the first cell behind a place in order. */
export function positionAfter(words: Int32Array, root: number, reached: Reached): number {
  const { place, position } = reached;
  const prefix = words[root + ROOT.PREFIX] as number;
  const later = place - baseOf(words, root);
  if (later >= prefix) return later + 1;
  // The root may be another, even at the same offset; but a place in order is never given twice.
  if (position < prefix && position >= 0 && placeAt(words, root, position) === place) {
    return position + 1;
  }
  let [low, high] = [0, prefix];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (placeAt(words, root, middle) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
