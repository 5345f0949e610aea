import { Queue } from '@multiproc/queue';

const queue = new Queue();
const bytes = new Uint8Array(8_388_608).fill(7);
const ROUNDS = 100;
let start = 0;
for (let round = -10; round < ROUNDS; round++) {
  if (round === 0) start = performance.now();
  queue.putSync(bytes);
  queue.getSync({ view: true }).release();
}
console.log(((performance.now() - start) / ROUNDS) * 1e3);
