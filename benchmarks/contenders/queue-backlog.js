// Nanoseconds to put a number and get the first one, with so many in the queue.
import { Queue } from '@multiproc/queue';
import { parameter } from './parameters.js';

const ROUNDS = 300_000;
const queue = new Queue();
for (let i = 0; i < parameter('items', 1000); i++) queue.putSync(i);

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    queue.putSync(round);
    queue.getSync();
  }
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
