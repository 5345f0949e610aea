import { Queue } from '@multiproc/queue';
import { bytes, rounds, warm } from './queue-large.js';

const queue = new Queue();
let start = 0;
for (let round = -warm; round < rounds; round++) {
  if (round === 0) start = performance.now();
  queue.putSync(bytes);
  queue.getSync({ view: true }).release();
}
console.log(((performance.now() - start) / rounds) * 1e3);
