// Microseconds for handing the turn on, among so many processes.
import { Condition } from '@multiproc/condition';
import { Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';
import { SharedArray } from '@multiproc/shared';
import { join, ROUNDS, takeTurns } from './condition-work.js';
import { parameter } from './parameters.js';

const [condition, ready] = [new Condition(), new Semaphore(0)];
const turns = new SharedArray('i32', [ROUNDS]);
const args = [condition, turns, ready];
const children = Array.from({ length: parameter('agents', 2) - 1 }, () => {
  return new Process({ target: join, args });
});
for (const child of children) child.start();
for (const _ of children) ready.acquireSync();
// Whoever is ready has the lock until it waits.
const hold = condition.acquireSync();
const start = performance.now();
takeTurns(condition, turns);
console.log(((performance.now() - start) / ROUNDS) * 1e3);
hold.release();
for (const child of children) await child.join();
