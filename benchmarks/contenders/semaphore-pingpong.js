import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { answer, ROUNDS } from './semaphore-pingpong-work.js';

const [ping, pong] = [new Semaphore(0), new Semaphore(0)];
const child = new Process({ target: answer, args: [ping, pong] });
child.start();
const WARM = 1_000;
let start = 0;
for (let round = 0; round < ROUNDS; round++) {
  if (round === WARM) start = performance.now();
  ping.release();
  pong.acquireSync();
}
console.log(((performance.now() - start) / (ROUNDS - WARM)) * 1e3);
await child.join();
