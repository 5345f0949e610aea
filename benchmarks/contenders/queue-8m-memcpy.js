import { bytes, rounds, size, warm } from './queue-large.js';

const to = new Uint8Array(size);
let start = 0;
for (let round = -warm; round < rounds; round++) {
  if (round === 0) start = performance.now();
  to.set(bytes);
}
console.log(((performance.now() - start) / rounds) * 1e3);
