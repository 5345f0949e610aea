// How many times as much as the least served of so many processes the others get, of a lock, a semaphore or a queue.
import { setTimeout } from 'node:timers/promises';
import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';
import { Semaphore } from '@multiproc/semaphore';
import { SharedArray } from '@multiproc/shared';
import { getAll, takeAndHold } from './fairness-work.js';
import { parameter } from './parameters.js';

const DURATION = 1000;
const MAKE = {
  lock: () => new Lock(),
  semaphore: () => new Semaphore(1),
  queue: () => new Queue({ maxsize: 1000 }),
};

const of = parameter('of', 'lock');
const agents = parameter('agents', 2);
const shared = MAKE[of]();
const [ready, gate] = [new Semaphore(0), new Semaphore(0)];
const [counts, stop] = [new SharedArray('i32', agents), new SharedArray('i32', 1)];
const section = parameter('section', 0) / 1000;
const target = of === 'queue' ? getAll : takeAndHold;
const children = Array.from({ length: agents }, (_, position) => {
  return new Process({ target, args: [shared, { ready, gate, stop, counts, section }, position] });
});
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
gate.release(agents);
if (of === 'queue') {
  for (const end = performance.now() + DURATION; performance.now() < end; ) shared.putSync(1);
  for (const _ of children) shared.putSync(null);
} else {
  await setTimeout(DURATION);
  Atomics.store(stop.data, 0, 1);
}
for (const child of children) await child.join();
const taken = [...counts];
const total = taken.reduce((sum, one) => sum + one, 0);
const least = Math.min(...taken);
console.log(total / agents / Math.max(1, least));
console.log(`${total} times in one second, ${least} of them by the least served of ${agents}`);
