import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { ROUNDS, work } from './lock-contended-work.js';

const [lock, gate] = [new Lock(), new Lock()];
const hold = gate.acquireSync();
const children = [1, 2].map(() => new Process({ target: work, args: [lock, gate] }));
for (const child of children) child.start();
// Both have started and wait at the gate, or are about to.
await new Promise((resolve) => setTimeout(resolve, 300));
const start = performance.now();
hold.release();
for (const child of children) await child.join();
console.log(((performance.now() - start) / (2 * ROUNDS)) * 1e6);
