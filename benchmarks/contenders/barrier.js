import { Barrier } from '@multiproc/condition';
import { Process } from '@multiproc/process';
import { meet, ROUNDS } from './condition-work.js';

const barrier = new Barrier(2);
const child = new Process({ target: meet, args: [barrier] });
child.start();
await barrier.wait();
const start = performance.now();
for (let round = 0; round < ROUNDS; round++) barrier.waitSync();
console.log(((performance.now() - start) / ROUNDS) * 1e3);
await child.join();
