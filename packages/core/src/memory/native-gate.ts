import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/**
 * Keeps a worker from being terminated while koffi is being loaded or binds a function there: a
 * native call that cannot return its result, because the thread may not run JavaScript any more,
 * aborts the whole process (3 % of terminations in the first 60 ms of a worker). Calls that are
 * bound already are safe.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | INSIDE | workers of this process that are inside | each of them, + 1 and - 1 |
 * | CLOSED | threads that are about to end a worker | each of them, + 1 and - 1 |
 *
 * Who enters announces itself and then looks at CLOSED; who closes announces itself and then
 * looks at INSIDE: so one of the two sees the other.
 */
const INSIDE = 0;
const CLOSED = 1;

const KEY = 'multiproc.native-gate';

/** Longest wait for the other side, which may have died, in milliseconds. */
const PATIENCE = 2000;

const words = new Int32Array(sharedCell());

/** Environment data are handed from each thread to the workers that it starts. */
function sharedCell(): SharedArrayBuffer {
  const inherited = getEnvironmentData(KEY) as unknown as SharedArrayBuffer | undefined;
  const cell = inherited ?? new SharedArrayBuffer(8);
  if (!inherited) setEnvironmentData(KEY, cell as never);
  return cell;
}

/** Loads or binds something native, during which this thread is not terminated. */
export function insideGate<Result>(action: () => Result): Result {
  // Nobody terminates the main thread; and it must get in when it has closed the gate to exit.
  if (isMainThread) return action();
  enter();
  try {
    return action();
  } finally {
    leave();
  }
}

/** Ends a worker, or the process, at a moment when no worker is inside. */
export function closeGate<Result>(action: () => Result): Result {
  Atomics.add(words, CLOSED, 1);
  try {
    waitWhile(INSIDE);
    return action();
  } finally {
    Atomics.sub(words, CLOSED, 1);
    Atomics.notify(words, CLOSED);
  }
}

/** Closes the gate for good: ending the process ends its workers. */
export function closeGateForever(): void {
  Atomics.add(words, CLOSED, 1);
  waitWhile(INSIDE);
}

function enter(): void {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    Atomics.add(words, INSIDE, 1);
    if (Atomics.load(words, CLOSED) === 0 || performance.now() > deadline) return;
    leave();
    waitWhile(CLOSED);
  }
}

function leave(): void {
  Atomics.sub(words, INSIDE, 1);
  Atomics.notify(words, INSIDE);
}

function waitWhile(word: number): void {
  const deadline = performance.now() + PATIENCE;
  // Loops because the word may move from one number to another above 0.
  for (;;) {
    const value = Atomics.load(words, word);
    const left = deadline - performance.now();
    if (value <= 0 || left <= 0) return;
    Atomics.wait(words, word, value, left);
  }
}
