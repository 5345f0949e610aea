import { ArenaFullError } from '../errors.js';
import type { Sleeper } from '../waiting/block.js';
import { MutexWord, type Owners } from '../waiting/mutex-word.js';
import { withMutex } from '../waiting/with-mutex.js';
import { FreeSpace } from './free-space.js';
import { firstSlab, HEADER, SLAB_BYTES } from './layout.js';
import type { Memory } from './memory.js';
import { blockSize, FREE, MAX_SMALL, PUNCHED, SlabTable } from './slab-table.js';

/** Freed large blocks keep their pages up to this total: touching a fresh 8 MiB costs 5.8 ms. */
const KEPT_SLABS = 1024;

/** The arena grows by at least so many slabs at a time, a quarter of its size if that is more. */
const MIN_GROWTH = 16;
const MAX_GROWTH = 512;

/**
 * Gives out and takes back blocks of the family's memory.
 *
 * Small blocks are taken and given back without a lock. Runs of slabs, growth and turning slabs
 * from one use to another are done under ARENA_LOCK; each ends with one store that commits it
 * (`slab-table.ts`), so an agent that dies with the lock leaves nothing to repair, and the next
 * one simply takes it over.
 */
export class Arena {
  /** The family's memory. */
  readonly memory: Memory;
  readonly #slabs: SlabTable;
  readonly #lock: MutexWord;
  readonly #agent: Sleeper & Owners;
  readonly #size: number;
  readonly #reclaim: () => void;
  readonly #space = new FreeSpace(() => this.#countFree());

  /**
   * @param memory - the family's memory, with its header written
   * @param agent - the agent that waits for the lock
   * @param reclaim - takes back what dead agents held; called before a block is refused
   */
  constructor(memory: Memory, agent: Sleeper & Owners, reclaim: () => void) {
    this.memory = memory;
    this.#agent = agent;
    this.#size = memory.words[HEADER.SLABS] as number;
    this.#slabs = new SlabTable(memory, firstSlab(this.#size));
    this.#reclaim = reclaim;
    this.#lock = new MutexWord(memory, HEADER.ARENA_LOCK, agent);
  }

  /** Bytes in blocks that are taken now. */
  get used(): number {
    return this.#slabs.countUsed();
  }

  /** Bytes that have been backed with memory. */
  get committed(): number {
    return this.#slabs.committed * SLAB_BYTES;
  }

  /** Bytes that the arena can hold at the most, its tables included. */
  get capacity(): number {
    return this.#size * SLAB_BYTES;
  }

  /** Bytes that a block of this length takes up. */
  sizeFor(length: number): number {
    return length > MAX_SMALL ? Math.ceil(length / SLAB_BYTES) * SLAB_BYTES : blockSize(length);
  }

  /**
   * Whether so many bytes would still be free when `bytes` were taken: nearly, as other agents take
   * memory at the same time.
   */
  leaves(bytes: number, least: number): boolean {
    return this.#space.leaves(bytes, least);
  }

  /** Whether a taken object block starts at the offset, at this moment. */
  holdsObject(offset: number): boolean {
    return this.#slabs.holdsObject(offset);
  }

  /** Keeps the block at an offset from being anything but an object, if it is one. */
  pinObject(offset: number): boolean {
    return this.#slabs.pinObject(offset);
  }

  /** Undoes `pinObject`. */
  unpin(offset: number): void {
    this.#slabs.unpin(offset);
  }

  /**
   * Takes a block. Its content is undefined. A caller that dies before it stores the offset
   * where others find it leaks the block until the family ends.
   *
   * @param length - bytes
   * @param isObject - whether it becomes a shared object (`objects/object-header.ts`)
   * @returns byte offset in the arena, a multiple of 64
   * @throws {@link ArenaFullError} when there is no room and no memory to grow into
   */
  allocate(length: number, isObject = false): number {
    if (length > MAX_SMALL) return this.#allocateLarge(length);
    return this.#slabs.takeSmall(length, isObject) ?? this.#allocateInNewSlab(length, isObject);
  }

  /** Gives a block back that `allocate` returned. */
  free(offset: number): void {
    if (this.#slabs.giveSmall(offset)) return;
    const slabs = this.#slabs.largeLength(offset);
    // Pages go back before the run is published as free: afterwards they may be another's.
    // Counted only where there can be so many: a busy queue frees large blocks all the time.
    const isFull =
      this.#slabs.committed > KEPT_SLABS &&
      this.#slabs.countResident(KEPT_SLABS) + slabs > KEPT_SLABS;
    const punched = isFull && this.memory.release(offset, slabs * SLAB_BYTES);
    this.#slabs.giveLarge(offset, punched ? PUNCHED : FREE);
  }

  #countFree(): number {
    return (this.#slabs.countFree() + this.#size - this.#slabs.committed) * SLAB_BYTES;
  }

  #allocateLarge(length: number): number {
    const slabs = Math.ceil(length / SLAB_BYTES);
    return withMutex(this.#agent, this.#lock, () => {
      const start = this.#takeRun(slabs, length);
      this.#slabs.takeLarge(start, slabs);
      return start * SLAB_BYTES;
    });
  }

  #allocateInNewSlab(length: number, isObject: boolean): number {
    return withMutex(this.#agent, this.#lock, () => {
      // Somebody may have made room while this agent waited for the lock.
      const found = this.#slabs.takeSmall(length, isObject);
      if (found !== undefined) return found;
      for (;;) {
        this.#slabs.format(this.#takeRun(1, length), length, isObject);
        // Others take from the new slab without the lock, and may have emptied it already.
        const taken = this.#slabs.takeSmall(length, isObject);
        if (taken !== undefined) return taken;
      }
    });
  }

  /** Finds free slabs in a row, backed with memory: free ones, retired ones, or new ones. */
  #takeRun(slabs: number, length: number): number {
    const start = this.#findRun(slabs) ?? this.#grow(slabs) ?? this.#reclaimRun(slabs);
    if (start === undefined) throw this.#full(length);
    return start;
  }

  #findRun(slabs: number): number | undefined {
    let run = this.#slabs.findRun(slabs);
    if (!run.found) {
      this.#slabs.retireEmpty();
      run = this.#slabs.findRun(slabs);
    }
    if (!run.found) return undefined;
    const offset = run.start * SLAB_BYTES;
    const isBacked =
      !this.#slabs.hasPunched(run.start, slabs) || this.memory.commit(offset, slabs * SLAB_BYTES);
    return isBacked ? run.start : undefined;
  }

  /** The free run at the end, made long enough with new slabs. */
  #grow(slabs: number): number | undefined {
    const { committed } = this.#slabs;
    const { start } = this.#slabs.findRun(slabs);
    const needed = start + slabs;
    if (needed > this.#size) return undefined;
    const step = Math.min(Math.max(committed >> 2, MIN_GROWTH), MAX_GROWTH);
    const generous = Math.min(Math.max(needed, committed + step), this.#size);
    const from = start * SLAB_BYTES;
    for (const end of [generous, needed]) {
      if (!this.memory.commit(from, end * SLAB_BYTES - from)) continue;
      // Publishes the new slabs, whose words are still 0, which is FREE.
      Atomics.store(this.memory.words, HEADER.COMMITTED, Math.max(end, committed));
      return start;
    }
    return undefined;
  }

  #reclaimRun(slabs: number): number | undefined {
    this.#reclaim();
    return this.#findRun(slabs) ?? this.#grow(slabs);
  }

  #full(length: number): ArenaFullError {
    const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    return new ArenaFullError(
      `a block of ${length} bytes does not fit into the family's arena: ${mib(this.used)} of ` +
        `${mib(this.capacity)} are in use, ${mib(this.committed)} have memory. Free or drain what ` +
        'is no longer needed, or start the root process with a larger arena: ' +
        'configure({ arenaSize: bytes }) or MULTIPROC_ARENA_SIZE=bytes',
    );
  }
}
