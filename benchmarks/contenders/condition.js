import { Condition } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { answer, ROUNDS } from './condition-work.js';

const [condition, ready] = [new Condition(), new Lock()];
ready.acquireSync();
const child = new Process({ target: answer, args: [condition, ready] });
child.start();
await ready.acquire();
const hold = condition.acquireSync();
const start = performance.now();
for (let round = 0; round < ROUNDS; round++) {
  condition.notify();
  condition.waitSync();
}
console.log(((performance.now() - start) / (2 * ROUNDS)) * 1e3);
hold.release();
await child.join();
