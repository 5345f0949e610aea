// Microseconds for an item that one of so many processes puts and one of as many others gets.
import { Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';
import { Semaphore } from '@multiproc/semaphore';
import { parameter } from './parameters.js';
import { boundOf, consumeInCrowd, countFor, produceInCrowd, wantedKind } from './queue-work.js';

const agents = parameter('agents', 4);
const kind = wantedKind();
const count = Math.ceil(countFor(kind) / agents);
const queue = new Queue({ maxsize: boundOf(kind) || 1000 });
const isAwaiting = parameter('form', 'blocking') === 'awaiting';
const [ready, gate, done] = [new Semaphore(0), new Semaphore(0), new Semaphore(0)];
const meeting = { ready, gate, done, isAwaiting };
const children = Array.from({ length: agents }, () => [
  new Process({ target: consumeInCrowd, args: [queue, meeting, count] }),
  new Process({ target: produceInCrowd, args: [queue, meeting, kind, count] }),
]).flat();
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
const start = performance.now();
gate.release(2 * agents);
for (let i = 0; i < agents; i++) done.acquireSync();
console.log(((performance.now() - start) / (count * agents)) * 1e3);
for (const child of children) await child.join();
