import { Lock } from '@multiproc/lock';

const lock = new Lock();
const ROUNDS = 2_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) lock.acquireSync().release();
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
