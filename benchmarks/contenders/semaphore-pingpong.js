// Microseconds for a token's way round a ring of so many processes.
import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { parameter } from './parameters.js';
import { answer, ROUNDS } from './semaphore-pingpong-work.js';

const WARM = 1_000;
const ring = Array.from({ length: parameter('agents', 2) }, () => new Semaphore(0));
const [own, next] = ring;
const children = ring.slice(1).map((mine, i) => {
  return new Process({ target: answer, args: [mine, ring[i + 2] ?? own] });
});
for (const child of children) child.start();
let start = 0;
for (let round = 0; round < ROUNDS; round++) {
  if (round === WARM) start = performance.now();
  next.release();
  own.acquireSync();
}
console.log(((performance.now() - start) / (ROUNDS - WARM)) * 1e3);
for (const child of children) await child.join();
