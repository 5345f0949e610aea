/** Descriptors of a pipe. */
export interface Pipe {
  /** To be read. */
  readonly readEnd: number;
  /** To be written. */
  readonly writeEnd: number;
}

/**
 * What multiproc needs from the operating system and Node does not offer. One provider exists
 * (Linux through koffi); another platform or `node:ffi` is a second class with these methods,
 * chosen in `loadNative`.
 *
 * Addresses are `bigint`, lengths and offsets are bytes, times are milliseconds. No method may
 * block for longer than the milliseconds it is given: a thread inside an endless native call can
 * neither be terminated nor let its process exit.
 */
export interface Native {
  /** Makes an anonymous file that only this user can open and nobody can shrink. Returns its descriptor. */
  createFile(name: string): number;
  /** Backs a range of the file with memory. Returns `false` when there is none left. */
  commit(fd: number, offset: number, length: number): boolean;
  /** Gives the memory behind a range back; the range then reads as zeros. `false`: it was kept. */
  release(fd: number, offset: number, length: number): boolean;
  /** Maps the file for sharing and returns the address. Never unmapped. */
  map(fd: number, length: number): bigint;
  /** An ArrayBuffer over mapped memory, without a copy. */
  view(address: bigint, length: number): ArrayBuffer;
  /**
   * Has the C library keep blocks that this process frees for its next ones, where it knows how to,
   * instead of giving them back to the system.
   */
  keepFreed(): void;
  /** Sleeps while the 32-bit word at `address` holds `expected`; may wake early. */
  wait(address: bigint, expected: number, milliseconds: number): void;
  /** Wakes up to `count` sleepers of the word, in any process. */
  wake(address: bigint, count: number): void;
  /** Opens a pipe; both ends close on exec. */
  openPipe(): Pipe;
  /** Has the kernel kill this process as soon as the last writer of the pipe is gone. */
  dieWithWriters(readEnd: number): void;
  /** A descriptor that becomes readable when the process ends, or -1 when there is no such process. */
  watchProcess(pid: number): number;
  /** Waits until the descriptor is readable; `false` after the given time. */
  pollReadable(fd: number, milliseconds: number): boolean;
  /**
   * How a finished child of this process ended, without reaping it (libuv still does that);
   * `undefined` while it runs. Positive or 0: exit code, negative: minus the signal.
   */
  exitStatus(pid: number): number | undefined;
  /**
   * Reaps a child of this process that no event loop watches any more. `false` while it runs;
   * `true` when it has been reaped, or is no child of this process.
   */
  reapChild(pid: number): boolean;
  /** A second descriptor for the same open file. */
  duplicate(fd: number): number;
  /** Closes a descriptor that this provider opened. */
  close(fd: number): void;
}
