// How many times as often as the least served of so many processes the others take a lock, with sections of so many µs.
import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { SharedArray } from '@multiproc/shared';
import { count } from './fairness-work.js';
import { parameter } from './parameters.js';

const agents = parameter('agents', 2);
const lock = parameter('of', 'lock') === 'lock' ? new Lock() : new Semaphore(1);
const times = { section: parameter('section', 0) / 1000, duration: 1000 };
const gate = new Semaphore(0);
const counts = new SharedArray('i32', agents);
const children = Array.from({ length: agents }, (_, position) => {
  return new Process({ target: count, args: [lock, gate, counts, position, times] });
});
for (const child of children) child.start();
// All have started and wait at the gate, or are about to.
await new Promise((resolve) => setTimeout(resolve, 150 * agents));
gate.release(agents);
for (const child of children) await child.join();
const taken = [...counts];
const mean = taken.reduce((sum, one) => sum + one, 0) / agents;
console.log(mean / Math.min(...taken));
