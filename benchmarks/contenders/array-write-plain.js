import { parameter } from './parameters.js';

const data = new Float64Array(parameter('items', 100_000));
const ROUNDS = Math.ceil(2e7 / data.length);

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < data.length; i++) data[i] = i + round;
  }
  return ((performance.now() - start) / ROUNDS / data.length) * 1e6;
}

run();
console.log(run());
