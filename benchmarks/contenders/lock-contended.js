import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { work } from './lock-contended-work.js';

const ROUNDS = 2_000_000;
const processes = Number(process.argv[2] ?? 2);

const [lock, gate] = [new Lock(), new Lock()];
const hold = gate.acquireSync();
const args = [lock, gate, ROUNDS / processes];
const children = Array.from({ length: processes }, () => new Process({ target: work, args }));
for (const child of children) child.start();
// All have started and wait at the gate, or are about to.
await new Promise((resolve) => setTimeout(resolve, 150 * processes));
const start = performance.now();
hold.release();
for (const child of children) await child.join();
console.log(((performance.now() - start) / ROUNDS) * 1e6);
