/**
 * The arena from its first byte:
 *
 * | offset | length | what |
 * | --- | --- | --- |
 * | 0 | 4 KiB | header, below |
 * | 4 KiB | 4 bytes a slab | slab table: one word for every 64 KiB of the arena (`slab-table.ts`) |
 * | then | 256 bytes an agent | agent table (`agents/slot.ts`) |
 * | next 64 KiB border | the rest | slabs of 64 KiB: small blocks, objects, runs of large blocks |
 *
 * Whoever changes a layout that two agents read, here or in any structure of the arena, raises
 * {@link LAYOUT_VERSION}: two versions of core must not share a family.
 */
export const LAYOUT_VERSION = 1;

/** First word of a finished header: "MPRC" read as a little-endian number. */
export const MAGIC = 0x4352504d;

/** Unit of the slab table, and of growth. */
export const SLAB_BYTES = 65_536;

/** Places in the agent table: threads and processes that a family can have at one time. */
export const MAX_AGENTS = 1024;

/** Bytes of one place in the agent table. */
export const AGENT_BYTES = 256;

/** Largest arena: offsets are 32-bit signed numbers. */
export const MAX_ARENA_BYTES = 2 ** 31 - SLAB_BYTES;

/** Smallest arena: the tables and a few slabs. */
export const MIN_ARENA_BYTES = 2 ** 20;

/** Address space of an arena when nobody asks for another size. */
export const DEFAULT_ARENA_BYTES = 2 ** 30;

/**
 * Words of the header.
 *
 * | word | meaning | changed by |
 * | --- | --- | --- |
 * | MAGIC | set last: the header can be read | creator, once |
 * | VERSION | {@link LAYOUT_VERSION} | creator, once |
 * | SLABS | size of the arena in slabs | creator, once |
 * | PID_NAMESPACE | where pids of the agent table mean something | creator, once |
 * | FAMILY | random name of the family, two words | creator, once |
 * | COMMITTED | slabs from the start that have memory | holder of ARENA_LOCK, upwards only |
 * | NEXT_SERIAL | serial of the next object | `Atomics.add` |
 * | AGENTS_HIGH | places of the agent table ever used | `Atomics` compare-exchange, upwards only |
 * | ARENA_LOCK | five words | `MutexWord` |
 * | NAMES | first entry of the list of named objects, 0: none | holder of NAMES_LOCK |
 * | NAMES_LOCK | five words | `MutexWord` |
 * | EPOCH | how often all readers have been seen to be up to date (`memory/epochs.ts`) | `Epochs.advance`, by compare-exchange |
 * | SWEPT_AT | when a waiter last looked for dead agents, in ms, 0: never | who looks, by compare-exchange |
 */
export const HEADER = {
  MAGIC: 0,
  VERSION: 1,
  SLABS: 2,
  PID_NAMESPACE: 3,
  FAMILY: 4,
  COMMITTED: 6,
  NEXT_SERIAL: 7,
  AGENTS_HIGH: 8,
  ARENA_LOCK: 16,
  NAMES: 24,
  NAMES_LOCK: 25,
  SWEPT_AT: 30,
  EPOCH: 32,
} as const;

/** Byte offset of the slab table. */
export const SLAB_TABLE = 4096;

/** Byte offset of the agent table in an arena of so many slabs. */
export function agentTableOffset(slabs: number): number {
  return Math.ceil((SLAB_TABLE + slabs * 4) / AGENT_BYTES) * AGENT_BYTES;
}

/** The first slab that blocks may use; everything before is tables. */
export function firstSlab(slabs: number): number {
  return Math.ceil((agentTableOffset(slabs) + MAX_AGENTS * AGENT_BYTES) / SLAB_BYTES);
}
