import { availableParallelism } from 'node:os';
import { type Memory, type MemoryRegion, SPINS } from './memory.js';

/**
 * Memory in one SharedArrayBuffer: no native code, the threads of one process. The engine
 * reserves the whole buffer and gives pages as they are touched, so committing has nothing to
 * do, and pages cannot be given back before the buffer goes. Nor can the C library be told anything.
 */
export class ThreadMemory implements Memory {
  readonly kind = 'thread';
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly spins: number;

  /**
   * @param buffer - shared by all threads of the family
   * @param spins - looks before a sleep; model tests set 0
   */
  constructor(buffer: SharedArrayBuffer, spins = availableParallelism() > 1 ? SPINS : 0) {
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.spins = spins;
  }

  region(offset: number): MemoryRegion {
    // Another object for the same memory: buffers cannot begin in the middle of it.
    return { buffer: structuredClone(this.words.buffer), byteOffset: offset };
  }

  expectCopies(): void {}

  wait(index: number, expected: number, milliseconds: number): void {
    Atomics.wait(this.words, index, expected, milliseconds);
  }

  wake(index: number, all: boolean): void {
    Atomics.notify(this.words, index, all ? Number.POSITIVE_INFINITY : 1);
  }

  commit(): boolean {
    return true;
  }

  release(): boolean {
    return false;
  }
}
