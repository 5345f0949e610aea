import { Semaphore } from '@multiproc/semaphore';

const semaphore = new Semaphore(3);
const ROUNDS = 2_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) semaphore.acquireSync().release();
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
