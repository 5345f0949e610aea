/** Where the objects of a family live: an anonymous OS file, or one SharedArrayBuffer. */
export type MemoryKind = 'process' | 'thread';

/** A place for a typed array. */
export interface MemoryRegion {
  /** To be given to the constructor of a typed array. */
  readonly buffer: ArrayBufferLike;
  /** Where in the buffer it begins, in bytes. */
  readonly byteOffset: number;
}

/**
 * The block of memory that a family shares, and how its threads sleep and wake on words in it.
 * The two implementations behave alike; everything above this interface runs on either.
 *
 * Indices count 32-bit words, offsets and lengths count bytes.
 */
export interface Memory {
  /** `process`: reaches OS processes and threads. `thread`: the threads of one process. */
  readonly kind: MemoryKind;
  /** All of the memory as 32-bit words; only the committed part may be touched. */
  readonly words: Int32Array;
  /** The same memory as bytes. */
  readonly bytes: Uint8Array;
  /** How often a waiter looks again before it sleeps: 0 where there is one core. */
  readonly spins: number;
  /**
   * Where a user's typed array over a range is to be made: a buffer, and the offset in it. Each
   * call makes a buffer, which is collected when no view of it is left. In process memory it spans
   * the range alone, so that cloning the array never copies the arena.
   */
  region(offset: number, length: number): MemoryRegion;
  /**
   * Told when a long value lies here, which will be copied to this process, as others after it: what
   * they are copied to should come from memory that this process has freed. To touch fresh memory
   * page by page costs more than ten copies.
   */
  expectCopies(): void;
  /** Sleeps while `words[index]` is `expected`, for a time slice at the most; may wake early. */
  wait(index: number, expected: number, milliseconds: number): void;
  /** Wakes one sleeper of the word, or all of them. */
  wake(index: number, all: boolean): void;
  /** Backs a range with memory, zeroed when new. Returns `false` when there is none left. */
  commit(offset: number, length: number): boolean;
  /** Gives the pages of a range back where the platform can; `false` where it cannot. */
  release(offset: number, length: number): boolean;
}

/**
 * Loads to look again before sleeping. A hand-over between two cores takes 1 to 3 µs spinning
 * and 26 to 43 µs through the kernel; with one core, spinning only delays the other side.
 */
export const SPINS = 150;
