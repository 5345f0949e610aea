import { Queue } from '@multiproc/queue';
import { bytes, rounds, warm } from './queue-large.js';

const queue = new Queue();
let spent = 0;
for (let round = -warm; round < rounds; round++) {
  if (round === 0) spent = 0;
  queue.putSync(bytes);
  const start = performance.now();
  queue.getSync();
  spent += performance.now() - start;
}
console.log((spent / rounds) * 1e3);
