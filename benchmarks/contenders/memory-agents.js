// Resident MiB of an idle process, or what an idle thread adds, in a family of so many.
import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { idle } from './idle-target.js';
import { resident } from './memory-load.js';
import { parameter } from './parameters.js';

const agents = parameter('agents', 4);
const startMethod = parameter('startMethod', 'spawn');
const [ready, gate] = [new Semaphore(0), new Semaphore(0)];
const before = resident();
const children = Array.from({ length: agents }, () => {
  return new Process({ target: idle, args: [ready, gate], startMethod });
});
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
const total =
  startMethod === 'spawn'
    ? children.reduce((sum, { pid }) => sum + resident(pid), 0)
    : resident() - before;
console.log(total / agents / 2 ** 20);
gate.release(agents);
for (const child of children) await child.join();
