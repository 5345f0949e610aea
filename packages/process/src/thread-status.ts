import { ThreadMemory } from '@multiproc/core';

/**
 * What a thread and its starter tell each other without an event loop, in a buffer of their own:
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | OUTCOME | 0: runs | the thread when its exit hooks have run; whoever terminates it, first; by compare-exchange | `2 * exit code + 1` |
 * | TID | 0, or the thread's kernel id | the thread, before anything else | |
 * | LISTENERS | bit n: the program listens for signal n of {@link THREAD_SIGNALS} | the thread | |
 * | REPORTED | 1: the thread has printed the error that ends it | the thread | |
 * | HANDLES | 0: descriptors are on their way to the thread | the thread, by compare-exchange | 1: it has them |
 * | | | the starter when the thread has ended, by compare-exchange | 2: they must be closed |
 */
const OUTCOME = 0;
const TID = 1;
const LISTENERS = 2;
const REPORTED = 3;
const HANDLES = 4;
const WORDS = 5;

/** Signals that a thread can listen for. */
export const THREAD_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A signal that a thread can listen for. */
export type ThreadSignal = (typeof THREAD_SIGNALS)[number];

function bitOf(signal: ThreadSignal): number {
  return 1 << THREAD_SIGNALS.indexOf(signal);
}

/** View of the words that a thread and its starter share. */
export class ThreadStatus {
  readonly buffer: SharedArrayBuffer;
  readonly #memory: ThreadMemory;
  readonly #words: Int32Array;

  /** @param buffer - the starter's, in the thread; left out: a new one */
  constructor(buffer = new SharedArrayBuffer(WORDS * 4)) {
    this.buffer = buffer;
    this.#memory = new ThreadMemory(buffer);
    this.#words = this.#memory.words;
  }

  /** How the thread ended or is going to; `undefined` while nobody has decided. */
  get outcome(): number | undefined {
    const word = Atomics.load(this.#words, OUTCOME);
    return word === 0 ? undefined : word >> 1;
  }

  /** Decides how the thread ends, unless that has been decided. */
  decide(exitCode: number): void {
    Atomics.compareExchange(this.#words, OUTCOME, 0, exitCode * 2 + 1);
    this.#memory.wake(OUTCOME, true);
  }

  /** Sleeps until the outcome has been decided, for a time slice at the most. */
  sleep(milliseconds: number): void {
    this.#memory.wait(OUTCOME, 0, milliseconds);
  }

  /** Sleeps for so long; nobody wakes the caller. */
  pause(milliseconds: number): void {
    this.#memory.wait(WORDS - 1, Atomics.load(this.#words, WORDS - 1), milliseconds);
  }

  /** Kernel id of the thread, 0 while it is not known. */
  get tid(): number {
    return Atomics.load(this.#words, TID);
  }

  set tid(value: number) {
    Atomics.store(this.#words, TID, value);
  }

  /** Whether the thread's program listens for the signal. */
  listensFor(signal: ThreadSignal): boolean {
    return (Atomics.load(this.#words, LISTENERS) & bitOf(signal)) !== 0;
  }

  /** Says whether the program listens for the signal. */
  setListening(signal: ThreadSignal, isListening: boolean): void {
    if (isListening) Atomics.or(this.#words, LISTENERS, bitOf(signal));
    else Atomics.and(this.#words, LISTENERS, ~bitOf(signal));
  }

  /** Whether the thread has printed the error that ends it. */
  get isReported(): boolean {
    return Atomics.load(this.#words, REPORTED) !== 0;
  }

  set isReported(value: boolean) {
    Atomics.store(this.#words, REPORTED, value ? 1 : 0);
  }

  /** The thread takes the descriptors that were sent to it. */
  takeHandles(): boolean {
    return Atomics.compareExchange(this.#words, HANDLES, 0, 1) === 0;
  }

  /** The starter takes back what the thread did not live to take. */
  recallHandles(): boolean {
    return Atomics.compareExchange(this.#words, HANDLES, 0, 2) === 0;
  }
}
