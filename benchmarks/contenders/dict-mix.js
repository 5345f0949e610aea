import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { makeDict } from './dict-load.js';
import { ROUNDS, work } from './dict-mix-work.js';

const dict = makeDict(1);
const [ready, gate] = [new Semaphore(0), new Semaphore(0)];
const children = [1, 2].map(() => new Process({ target: work, args: [dict, ready, gate] }));
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
const start = performance.now();
gate.release(2);
for (const child of children) await child.join();
console.log(((performance.now() - start) / (2 * ROUNDS)) * 1e6);
