import { Barrier } from '@multiproc/condition';
import { Process } from '@multiproc/process';
import { meet, ROUNDS } from './condition-work.js';
import { parameter } from './parameters.js';

const agents = parameter('agents', 2);
const barrier = new Barrier(agents);
const children = Array.from({ length: agents - 1 }, () => {
  return new Process({ target: meet, args: [barrier] });
});
for (const child of children) child.start();
await barrier.wait();
const start = performance.now();
for (let round = 0; round < ROUNDS; round++) barrier.waitSync();
console.log(((performance.now() - start) / ROUNDS) * 1e3);
for (const child of children) await child.join();
