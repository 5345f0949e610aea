import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';

const DOOMED = 1;
const ONE_INSIDE = 2;
const INSIDE = 0x7ffffe;
const ROUND_SHIFT = 23;

/** Longest wait for the other side, which may have died, in milliseconds. */
const PATIENCE = 2000;

/**
 * Keeps a worker from being terminated while koffi is being loaded or binds a function there: a
 * native call that cannot return its result, because the thread may not run JavaScript any more,
 * aborts the whole process (3 % of terminations in the first 60 ms of a worker). Calls that are
 * bound already are safe.
 *
 * Each thread of the process has a word, at its number modulo their count:
 *
 * | bits | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | DOOMED | 0: the thread may go on | who is about to end it | 1, for good |
 * | INSIDE, 22 bits | how many are inside: the thread, and workers below it, which end with it | each of them, by compare-exchange while DOOMED is 0 | + 1 |
 * | | | each of them | - 1 |
 * | ROUND, 8 bits | which of the threads that share the word it speaks of | the first to use it after another | its own |
 *
 * A thread that is doomed stays out for good, so it does not matter how long it still runs after
 * `terminate` was called. It sleeps, because it is going to be ended. V8 can lose the request to end
 * it; so one that still sleeps when its patience is over ends itself.
 */
export class NativeGate {
  readonly #words: Int32Array;
  readonly #line: readonly number[];
  readonly #end: (() => void) | undefined;
  #isLeaving = false;

  /**
   * @param words - one for each thread, shared by all threads of the process, all zero at first
   * @param line - numbers of this thread, its starter, the starter's starter, up to the main thread
   * @param end - ends this thread, which may go on for a moment; left out: it enters instead
   */
  constructor(words: Int32Array, line: readonly number[], end?: () => void) {
    this.#words = words;
    this.#line = line;
    this.#end = end;
  }

  /** Loads or binds something native, during which this thread is not terminated. */
  inside<Result>(action: () => Result): Result {
    // Nobody terminates the main thread; and it must get in when it has closed the gate to exit.
    if (this.#line.length === 1) return action();
    const deadline = performance.now() + PATIENCE;
    // The own word first: a thread that is held up here has entered only the words of threads that
    // end with it. And last: as soon as it has left its own, it may be ended.
    for (const thread of this.#line) this.#enter(thread, deadline);
    try {
      return action();
    } finally {
      for (let i = this.#line.length - 1; i >= 0; i--) this.#leave(this.#line[i] as number);
    }
  }

  /**
   * Keeps a thread out for good, and those below it, and waits until none of them is inside: it
   * can be ended then.
   *
   * @param thread - its number
   */
  close(thread: number): void {
    const index = thread % this.#words.length;
    const deadline = performance.now() + PATIENCE;
    if (thread === this.#line[0]) this.#isLeaving = true;
    let word = this.#change(thread, (value) => value | DOOMED);
    // Loops because those who are inside leave one by one. The sleep is safe: whoever leaves
    // changes the word before it notifies.
    while ((word & INSIDE) !== 0) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      Atomics.wait(this.#words, index, word, left);
      word = Atomics.load(this.#words, index);
    }
  }

  #enter(thread: number, deadline: number): void {
    const index = thread % this.#words.length;
    for (;;) {
      const before = Atomics.load(this.#words, index);
      const value = ofThread(this.#round(thread), before);
      const left = deadline - performance.now();
      const isLost = (value & DOOMED) !== 0 && left <= 0 && thread === this.#line[0];
      if (isLost && this.#end && !this.#isLeaving) {
        this.#end();
        // The end comes at the latest in the next sleep.
        Atomics.wait(this.#words, index, before, PATIENCE);
      } else if ((value & DOOMED) === 0 || left <= 0) {
        const after = value + ONE_INSIDE;
        if (Atomics.compareExchange(this.#words, index, before, after) === before) return;
      } else {
        // Sleeps until it is ended. The word is notified only when one that is inside leaves.
        Atomics.wait(this.#words, index, before, left);
      }
    }
  }

  #leave(thread: number): void {
    this.#change(thread, (value) => ((value & INSIDE) === 0 ? value : value - ONE_INSIDE));
    Atomics.notify(this.#words, thread % this.#words.length);
  }

  #change(thread: number, to: (value: number) => number): number {
    const index = thread % this.#words.length;
    for (;;) {
      const before = Atomics.load(this.#words, index);
      const after = to(ofThread(this.#round(thread), before));
      if (Atomics.compareExchange(this.#words, index, before, after) === before) return after;
    }
  }

  #round(thread: number): number {
    return (Math.floor(thread / this.#words.length) & 0xff) << ROUND_SHIFT;
  }
}

/** What a word says to a thread of this round: nothing yet, when it speaks of another. */
function ofThread(round: number, value: number): number {
  return (value & ~(DOOMED | INSIDE)) === round ? value : round;
}

/** Numbered, because copies of core of several versions may meet in one process. */
const KEY = 'multiproc.native-gate.2';
/** Beyond the threads that a process ever has at one time; untouched ones cost no memory. */
const WORDS = 65_536;

/** The gate of this thread. Environment data are handed to the workers that it starts. */
export const nativeGate = joinGate();

function joinGate(): NativeGate {
  const inherited = getEnvironmentData(KEY) as unknown as
    | { words: Int32Array; line: number[] }
    | undefined;
  const words = inherited?.words ?? new Int32Array(new SharedArrayBuffer(WORDS * 4));
  const above = inherited?.line ?? [0];
  // Another copy of core may have been here before.
  const line = above[0] === threadId ? above : [threadId, ...above];
  setEnvironmentData(KEY, { words, line } as never);
  return new NativeGate(words, line, endThread);
}

/** As `process.exit()`, without the exit hooks: whoever is terminated runs none. */
function endThread(): void {
  (process as unknown as { reallyExit(code: number): void }).reallyExit(1);
}
