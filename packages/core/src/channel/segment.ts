import type { Arena } from '../memory/arena.js';
import { freeOwned, OWNED, writeBranch } from '../objects/owned.js';

/**
 * A segment of a channel: a branch block of slots of 64 bytes, the first of which is its head.
 *
 * | word of the head | what | who changes it |
 * | --- | --- | --- |
 * | 0, 1 | branch header: NEXT, and OWNED of each slot, own blocks | who makes the segment |
 * | BASE | ticket of its first slot | who appends it, before it is linked |
 * | LINK | 0: last of the chain; else the next segment, as an owned word | who appends the next |
 *
 * | word of a slot | what |
 * | --- | --- |
 * | 0 to 13 | the encoded value, when it is at most 56 bytes; else word 0: bytes that its block takes |
 * | OWNED | 0: the value lies in the slot; else the payload that holds it, as an owned word |
 * | LENGTH | length of the value in the slot |
 *
 * A slot is published by the ticket behind it (`channel.ts`). OWNED of a slot that has not been
 * published, or has been taken, may still lead to a block: its agent died at that moment. Whoever
 * uses the slot or frees the segment next frees that block.
 */
export const SLOT_WORDS = 16;
/** See {@link SLOT_WORDS}. */
export const BASE = 2;
/** The same place in the head of a segment and in a slot, so that one stride reaches all owned words. */
export const LINK = 14;
/** See {@link SLOT_WORDS}. */
export const SLOT = { BYTES: 0, OWNED: 14, LENGTH: 15 } as const;

/** Bytes of a slot. */
export const SLOT_BYTES = SLOT_WORDS * 4;

/** Longest value that travels in a slot. */
export const INLINE = 56;

/** Slots of a new channel's first segment; it and its head fill 1 KiB. */
const FIRST_SLOTS = 15;
/** Slots of the largest segments; they fill a block of the second largest size for small blocks. */
const MOST_SLOTS = 254;

/** How many slots the segment after one of `slots` has; each is a block of the arena without waste. */
export function slotsAfter(slots: number): number {
  return slots === 0 ? FIRST_SLOTS : Math.min(slots * 4 + 3, MOST_SLOTS);
}

/** How many slots the segment has. */
export function slotsOf(words: Int32Array, segment: number): number {
  return (words[segment] as number) - 1;
}

/** Index of the first word of a slot. */
export function slotAt(segment: number, position: number): number {
  return segment + (position + 1) * SLOT_WORDS;
}

/**
 * Makes a segment that nobody can find yet.
 *
 * @returns index of its first word
 * @throws ArenaFullError
 */
export function makeSegment(arena: Arena, slots: number, base: number): number {
  const segment = arena.allocate((slots + 1) * SLOT_BYTES) / 4;
  const { words } = arena.memory;
  words[segment + BASE] = base;
  words[segment + LINK] = 0;
  for (let position = 0; position < slots; position++) {
    words[slotAt(segment, position) + SLOT.OWNED] = 0;
  }
  writeBranch(words, segment, { count: slots + 1, first: LINK, stride: SLOT_WORDS });
  return segment;
}

/** Makes a segment that was taken out of the chain fit to be appended again. */
export function renewSegment(arena: Arena, segment: number, base: number): number {
  const { words } = arena.memory;
  words[segment + BASE] = base;
  words[segment + LINK] = 0;
  const slots = slotsOf(words, segment);
  for (let position = 0; position < slots; position++) {
    clearSlot(arena, slotAt(segment, position));
  }
  return segment;
}

/** Frees what a dead agent has left in a slot. */
export function clearSlot(arena: Arena, slot: number): void {
  const { words } = arena.memory;
  const owned = words[slot + SLOT.OWNED] as number;
  if (owned === 0) return;
  words[slot + SLOT.OWNED] = 0;
  freeOwned(arena, owned);
}

/** Frees a segment that was taken out of the chain. */
export function freeSegment(arena: Arena, segment: number): void {
  arena.memory.words[segment + LINK] = 0;
  freeOwned(arena, (segment * 4) | OWNED.BRANCH);
}
