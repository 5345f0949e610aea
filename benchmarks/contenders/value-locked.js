import { Value } from '@multiproc/shared';

const value = new Value('q');
const ROUNDS = 1_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const hold = value.acquireSync();
    value.value += 1n;
    hold.release();
  }
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
