import { isMainThread, Worker, workerData } from 'node:worker_threads';

const ROUNDS = 20_000;
const WARM = 1_000;
const words = isMainThread ? new Int32Array(new SharedArrayBuffer(64)) : workerData;

/** Sleeps until the word has the value. */
function until(word, value) {
  for (;;) {
    const found = Atomics.load(words, word);
    if (found === value) return;
    Atomics.wait(words, word, found);
  }
}

function tell(word, value) {
  Atomics.store(words, word, value);
  Atomics.notify(words, word);
}

if (isMainThread) {
  new Worker(new URL(import.meta.url), { workerData: words });
  until(1, -1);
  let start = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round === WARM + 1) start = performance.now();
    tell(0, round);
    until(1, round);
  }
  console.log(((performance.now() - start) / (ROUNDS - WARM)) * 1e3);
} else {
  tell(1, -1);
  for (let round = 1; round <= ROUNDS; round++) {
    until(0, round);
    tell(1, round);
  }
}
