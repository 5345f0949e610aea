import { Queue } from '@multiproc/queue';

const queue = new Queue();
const bytes = new Uint8Array(8_388_608).fill(7);
const ROUNDS = 100;
let spent = 0;
for (let round = -10; round < ROUNDS; round++) {
  if (round === 0) spent = 0;
  queue.putSync(bytes);
  const start = performance.now();
  queue.getSync();
  spent += performance.now() - start;
}
console.log((spent / ROUNDS) * 1e3);
