import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { lookUp, ownIdentity } from '../agents/identity.js';
import { LAYOUT_VERSION, SLAB_BYTES } from '../memory/layout.js';

/** Environment data are handed from each thread to the workers that it starts. */
const KEY = `multiproc.family.v${LAYOUT_VERSION}`;

/**
 * How the threads of one process find the family's memory, mapped once for all of them: a few
 * words that every thread has, whichever of them is the first to need the memory.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | STATE | 0 NONE: this process has no family yet | who needs it, by compare-exchange | BUSY |
 * | | 1 BUSY + the state before * 8 + kernel thread id * 64: that thread is opening the memory | that thread | NONE or INHERITED (failed), MAPPED, THREADS |
 * | | | who finds that thread ended, by compare-exchange | the state before |
 * | | 2 INHERITED: a descriptor was received, and not mapped yet | who needs it, by compare-exchange | BUSY |
 * | | 3 MAPPED: process memory at ADDRESS | | |
 * | | 4 THREADS: thread memory, in a SharedArrayBuffer | | |
 * | FD, SLABS | the file and its length | who has BUSY; the bootstrap of a child | |
 * | ADDRESS | 64 bits | who has BUSY, before MAPPED | |
 */
const STATE = 0;
const FD = 1;
const SLABS = 2;
const ADDRESS = 2;
const WORDS = 8;

/** Part of STATE that holds one of {@link RENDEZVOUS}. */
const KIND = 7;

/** Values of STATE. */
export const RENDEZVOUS = { NONE: 0, BUSY: 1, INHERITED: 2, MAPPED: 3, THREADS: 4 } as const;

/** What is handed on through the environment data. */
interface Shared {
  readonly cell: SharedArrayBuffer;
  readonly buffer?: SharedArrayBuffer;
}

/** Longest time that opening the memory takes, where the system does not tell who has ended. */
const PATIENCE = 5000;

/** The meeting point of this process's threads. Made when core is imported, before any worker. */
export class Rendezvous {
  readonly #shared: Shared;
  readonly #words: Int32Array;

  /** @param isNew - not the one that this thread's starter handed on, nor an earlier one */
  constructor(isNew = false) {
    const inherited = isNew ? undefined : (getEnvironmentData(KEY) as Shared | undefined);
    this.#shared = inherited ?? { cell: new SharedArrayBuffer(WORDS * 4) };
    this.#words = new Int32Array(this.#shared.cell);
    if (!inherited) setEnvironmentData(KEY, this.#shared as never);
  }

  /** The descriptor of the family's file. */
  get fd(): number {
    return Atomics.load(this.#words, FD);
  }

  /** Length of the family's memory in bytes. */
  get size(): number {
    return Atomics.load(this.#words, SLABS) * SLAB_BYTES;
  }

  /** Where the memory is mapped in this process. */
  get address(): bigint {
    return Atomics.load(new BigInt64Array(this.#shared.cell), ADDRESS);
  }

  /** The buffer of thread memory, if this thread has received it. */
  get buffer(): SharedArrayBuffer | undefined {
    return (getEnvironmentData(KEY) as unknown as Shared).buffer;
  }

  /** The state, once no other thread is busy. */
  get state(): number {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const state = Atomics.load(this.#words, STATE);
      const kind = state & KIND;
      if (kind !== RENDEZVOUS.BUSY || performance.now() > deadline) return kind;
      // A worker that is terminated while it opens the memory must not keep the others out.
      const tid = state >>> 6;
      if (tid !== 0 && lookUp(process.pid, tid) === 'ended') {
        Atomics.compareExchange(this.#words, STATE, state, (state >> 3) & KIND);
      }
      // Loops because a wake-up may be stale; the value read is the one that is slept on.
      else Atomics.wait(this.#words, STATE, state, 50);
    }
  }

  /** Announces a descriptor that this process received from its starter. */
  inherit(fd: number, size: number): void {
    Atomics.store(this.#words, FD, fd);
    Atomics.store(this.#words, SLABS, size / SLAB_BYTES);
    Atomics.store(this.#words, STATE, RENDEZVOUS.INHERITED);
  }

  /** Tries to become the thread that opens the memory. */
  begin(state: number): boolean {
    const busy = RENDEZVOUS.BUSY | (state << 3) | (ownIdentity().tid << 6);
    return Atomics.compareExchange(this.#words, STATE, state, busy) === state;
  }

  /** Publishes the mapping to the other threads. */
  mapped(fd: number, size: number, address: bigint): void {
    Atomics.store(this.#words, FD, fd);
    Atomics.store(this.#words, SLABS, size / SLAB_BYTES);
    Atomics.store(new BigInt64Array(this.#shared.cell), ADDRESS, address);
    this.#finish(RENDEZVOUS.MAPPED);
  }

  /** Publishes thread memory: to the state's readers, and the buffer to workers started from now on. */
  threads(buffer: SharedArrayBuffer): void {
    setEnvironmentData(KEY, { cell: this.#shared.cell, buffer } as never);
    Atomics.store(this.#words, SLABS, buffer.byteLength / SLAB_BYTES);
    this.#finish(RENDEZVOUS.THREADS);
  }

  /** Gives up opening the memory. */
  failed(state: number): void {
    this.#finish(state);
  }

  #finish(state: number): void {
    Atomics.store(this.#words, STATE, state);
    Atomics.notify(this.#words, STATE);
  }
}
