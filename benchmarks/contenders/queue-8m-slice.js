import { bytes, rounds, warm } from './queue-large.js';

let start = 0;
for (let round = -warm; round < rounds; round++) {
  if (round === 0) start = performance.now();
  bytes.slice();
}
console.log(((performance.now() - start) / rounds) * 1e3);
