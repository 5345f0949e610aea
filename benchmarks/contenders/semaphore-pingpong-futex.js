// Two processes and a futex each: what there is below every primitive that sleeps.
import { fork } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWords } from './futex.js';

const ROUNDS = 20_000;
const WARM = 1_000;
const path = process.argv[2] ?? join(tmpdir(), `futex-${process.pid}`);
const fd = openSync(path, process.send ? 'r+' : 'w+');
if (!process.send) ftruncateSync(fd, 4096);
const futex = openWords(fd, 4096);
closeSync(fd);

/** Sleeps until the word has the value. */
function until(word, value) {
  for (;;) {
    const found = Atomics.load(futex.words, word);
    if (found === value) return;
    futex.wait(word, found);
  }
}

function tell(word, value) {
  Atomics.store(futex.words, word, value);
  futex.wake(word);
}

if (typeof futex === 'string') {
  console.log(`skipped: ${futex}`);
  unlinkSync(path);
} else if (process.send) {
  tell(1, -1);
  for (let round = 1; round <= ROUNDS; round++) {
    until(0, round);
    tell(1, round);
  }
  process.disconnect();
} else {
  fork(fileURLToPath(import.meta.url), [path]);
  until(1, -1);
  unlinkSync(path);
  let start = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round === WARM + 1) start = performance.now();
    tell(0, round);
    until(1, round);
  }
  console.log(((performance.now() - start) / (ROUNDS - WARM)) * 1e3);
}
