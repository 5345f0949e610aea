// Nanoseconds for one round of `work` when so many processes do it at the same time, all together.
import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { Value } from '@multiproc/shared';
import { join } from './crowd-work.js';
import { makeDict } from './dict-load.js';
import { parameter } from './parameters.js';

const agents = parameter('agents', 2);
const work = parameter('work', 'lock');

/** What the agents share, and how many rounds they work in all. */
const SHARED = {
  lock: [() => undefined, 4_000_000],
  'lock-shared': [() => new Lock(), 2_000_000],
  'lock-async': [() => undefined, 600_000],
  'lock-async-shared': [() => new Lock(), 300_000],
  // There is always a permit: what is shared is the word, not the waiting.
  semaphore: [() => new Semaphore(agents), 2_000_000],
  value: [() => new Value('q'), 1_000_000],
  'value-atomic': [() => new Value('i'), 5_000_000],
  'dict-get': [() => makeDict(1), 1_000_000],
  'dict-set': [() => makeDict(1), 600_000],
  'dict-increment': [() => makeDict(1), 600_000],
  'dict-mix': [() => makeDict(1), 600_000],
};

const [make, rounds] = SHARED[work];
const [ready, gate, done] = [new Semaphore(0), new Semaphore(0), new Semaphore(0)];
const args = [work, make(), rounds / agents, { ready, gate, done }];
const children = Array.from({ length: agents }, () => new Process({ target: join, args }));
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
const start = performance.now();
gate.release(agents);
for (const _ of children) done.acquireSync();
console.log(((performance.now() - start) / rounds) * 1e6);
for (const child of children) await child.join();
