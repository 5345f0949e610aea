import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { SharedArray } from '@multiproc/shared';
import { count } from './lock-fairness-work.js';

const processes = Number(process.argv[2] ?? 2);
const [lock, gate] = [new Lock(), new Lock()];
const counts = new SharedArray('i32', processes);
const hold = gate.acquireSync();
const children = Array.from({ length: processes }, (_, position) => {
  return new Process({ target: count, args: [lock, gate, counts, position, 1000] });
});
for (const child of children) child.start();
await new Promise((resolve) => setTimeout(resolve, 150 * processes));
hold.release();
for (const child of children) await child.join();
const taken = [...counts];
const mean = taken.reduce((sum, one) => sum + one, 0) / processes;
console.log(mean / Math.min(...taken));
