import type { Arena } from '@multiproc/core';
import { TABLE } from './layout.js';

/** Fewest slots of a table: with MASK they fill 64 bytes. */
const MIN_SLOTS = 4;

/** Slots for so many keys: filled to a half at the most, so that searches stay short. */
export function slotsFor(keys: number): number {
  const wanted = Math.max(MIN_SLOTS, keys * 2);
  return 2 ** Math.ceil(Math.log2(wanted));
}

/** How many slots may be used of so many; at least one stays free, because it ends every search. */
export function usable(slots: number): number {
  return slots - (slots >>> 2);
}

/**
 * Makes a table with free slots only.
 *
 * @returns its offset
 * @throws ArenaFullError
 */
export function makeTable(arena: Arena, slots: number): number {
  const length = lengthOf(slots - 1);
  const offset = arena.allocate(length);
  const { words } = arena.memory;
  const table = offset >>> 2;
  words.fill(0, table, table + length / 4);
  words[table + TABLE.MASK] = slots - 1;
  return offset;
}

/** Bytes of a table with this MASK. */
export function lengthOf(mask: number): number {
  return (TABLE.SLOTS + (mask + 1) * TABLE.SLOT_WORDS) * 4;
}

/** Index of the slot in which the search for a hash begins. */
export function slotAt(table: number, number: number): number {
  return table + TABLE.SLOTS + number * TABLE.SLOT_WORDS;
}

/** Puts a cell into a table that nobody else can find yet, and that has room. */
export function addTo(words: Int32Array, table: number, hash: number, cell: number): void {
  const mask = words[table + TABLE.MASK] as number;
  let number = hash & mask;
  while (words[slotAt(table, number) + TABLE.CELL] !== 0) number = (number + 1) & mask;
  const slot = slotAt(table, number);
  words[slot + TABLE.HASH] = hash;
  words[slot + TABLE.CELL] = cell;
}
