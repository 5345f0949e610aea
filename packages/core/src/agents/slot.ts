import { AGENT_BYTES, agentTableOffset, HEADER, MAX_AGENTS } from '../memory/layout.js';

/**
 * One place of the agent table. An *agent* is a thread of any process of the family.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | CLAIM | 0: free | who needs a place, by compare-exchange | {@link FILLING} + its kernel thread id |
 * | | FILLING + tid: being filled | that thread, once ID is set | the tenant's id |
 * | | FILLING + tid of a dead thread, ID is 0 | who needs a place, by compare-exchange | FILLING + its own tid |
 * | | id: taken | a reaper of that tenant, by compare-exchange | minus its own agent id |
 * | | -id: being cleaned by that agent | that agent | 0 |
 * | | -id of a dead agent, ID is set | another reaper, by compare-exchange | minus its own id |
 * | | -id of a dead agent, ID is 0 | who needs a place, by compare-exchange | FILLING + its own tid |
 * | GENERATION | counts tenants | claimer | + 1 |
 * | ID | 0: no tenant; else `generation << 10 \| place` | claimer when all else is written; reaper | id; 0 |
 * | PARENT | id of the agent that started this one, 0: none | claimer | |
 * | | id of an agent that is gone, of a process | a thread of the same process, by compare-exchange | its own id: it has adopted this one |
 * | PID | 0: not started yet, only with a PARENT; -1: will never be | starter or the new agent, by compare-exchange from 0 | |
 * | TID, START_LOW, START_HIGH | kernel thread id and its start time in clock ticks; TID 0: unknown | who sets PID | |
 * | THREAD | Node's `threadId` | the agent | |
 * | FLAGS | see {@link FLAG} | starter | |
 * | ARMED | 0, or the tenant's id: a ring is wanted | tenant; ringer by compare-exchange to 0 | |
 * | BELL | thread memory: moves with each ring | ringer | + 1 |
 * | BELL_FD, BELL_INODE, BELL_DEVICE | process memory: the tenant's pipe and its identity | tenant | |
 * | REFERENCES | newest chunk of the list of blocks that the tenant refers to | tenant; reaper | |
 * | START | block with the arguments of the tenant's start | starter; who frees it, by compare-exchange to 0 | |
 * | WAITING_ON | index of the event count that the tenant sleeps on, 0: none; -id: it waits for the end of that agent, -1: of its parent | tenant | |
 * | PINNED | 0: the tenant reads nothing without a lock; else it began to in the epoch that `pinned` of `memory/epochs.ts` tells. The claimer's zero is its reset: a place without a tenant counts as 0 | tenant | |
 * | NAME | 64 bytes of UTF-8, zero padded | claimer | |
 *
 * @internal
 */
export const SLOT = {
  CLAIM: 0,
  GENERATION: 1,
  ID: 2,
  PARENT: 4,
  PID: 5,
  TID: 6,
  START_LOW: 7,
  START_HIGH: 8,
  THREAD: 9,
  FLAGS: 10,
  ARMED: 14,
  BELL: 15,
  BELL_FD: 16,
  BELL_INODE: 17,
  REFERENCES: 18,
  START: 19,
  WAITING_ON: 20,
  BELL_DEVICE: 21,
  PINNED: 22,
  NAME: 24,
} as const;

/** Flag of CLAIM; no agent id reaches it. */
export const FILLING = 1 << 30;

/** Bytes of NAME. */
export const NAME_BYTES = 64;

/** Bits of FLAGS. */
export const FLAG = {
  /** Ends with its parent, however that ends. */
  DAEMON: 1,
  /** An OS process that its starter's death does not end by itself. */
  PROCESS: 2,
} as const;

/** Bits of an id that say which place it is. */
export const PLACE_BITS = 10;
const PLACE_MASK = MAX_AGENTS - 1;
const MAX_GENERATION = 2 ** 20 - 1;

/** The place that an agent id names. */
export function placeOf(id: number): number {
  return id & PLACE_MASK;
}

/** The id of the n-th tenant of a place; generations wrap after a million tenants. */
export function idOf(place: number, generation: number): number {
  return ((1 + (generation % MAX_GENERATION)) << PLACE_BITS) | place;
}

/** The bit in WAITERS of the agent at a place: one of 31. */
export function bitOf(place: number): number {
  return 2 << (place % 31);
}

/** Index of the first word of a place. */
export function slotIndex(words: Int32Array, place: number): number {
  const slabs = words[HEADER.SLABS] as number;
  return (agentTableOffset(slabs) + place * AGENT_BYTES) / 4;
}
