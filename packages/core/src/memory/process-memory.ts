import { availableParallelism } from 'node:os';
import { type Memory, type MemoryRegion, SPINS } from './memory.js';
import type { Native } from './native.js';

/** Wakes every sleeper there can be. */
const ALL = 0x7fffffff;

/**
 * Memory in an anonymous file that every process of the family maps at its full size. Pages
 * exist only where they were committed; touching others is a bus error, so the arena commits
 * first and nobody follows an offset beyond the committed part. Sleeping is by futex.
 */
export class ProcessMemory implements Memory {
  readonly kind = 'process';
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly spins = availableParallelism() > 1 ? SPINS : 0;
  readonly fd: number;
  readonly address: bigint;
  readonly native: Native;
  #expectsCopies = false;

  /**
   * @param native - the platform's calls
   * @param fd - the file, kept open so that others can still join
   * @param address - where this process has mapped it
   * @param size - length of the mapping in bytes
   */
  constructor(native: Native, fd: number, address: bigint, size: number) {
    this.native = native;
    this.fd = fd;
    this.address = address;
    const buffer = native.view(address, size);
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  region(offset: number, length: number): MemoryRegion {
    return { buffer: this.native.view(this.address + BigInt(offset), length), byteOffset: 0 };
  }

  expectCopies(): void {
    if (this.#expectsCopies) return;
    this.#expectsCopies = true;
    this.native.keepFreed();
  }

  wait(index: number, expected: number, milliseconds: number): void {
    this.native.wait(this.address + BigInt(index * 4), expected, milliseconds);
  }

  wake(index: number, all: boolean): void {
    this.native.wake(this.address + BigInt(index * 4), all ? ALL : 1);
  }

  commit(offset: number, length: number): boolean {
    return this.native.commit(this.fd, offset, length);
  }

  release(offset: number, length: number): boolean {
    return this.native.release(this.fd, offset, length);
  }
}
