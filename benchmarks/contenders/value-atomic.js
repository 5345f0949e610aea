import { Value } from '@multiproc/shared';

const value = new Value('i');
const ROUNDS = 5_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) value.add(1);
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
