// Ten children count down from 100 in a dictionary: to 90 under a lock and with `compute`. With
// neither, all read the same number, and overwrite each other's.
import { setTimeout as pause } from 'node:timers/promises';
import { Barrier } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { ManagerDict } from '@multiproc/manager-dict';
import { isMainProcess, Process } from '@multiproc/process';

async function countDown(counts, key, between) {
  const count = counts.get(key);
  await between();
  counts.set(key, count - 1);
}

export async function work(together, counts, lock) {
  await countDown(counts, 'with neither', () => together.wait()); // until all have read
  await lock.runExclusive(() => countDown(counts, 'under a lock', () => pause(10)));
  await counts.compute('with compute', (count) => count - 1);
}

if (isMainProcess()) {
  const counts = new ManagerDict();
  for (const key of ['under a lock', 'with compute', 'with neither']) counts.set(key, 100);
  const args = [new Barrier(10), counts, new Lock()];
  const children = Array.from({ length: 10 }, () => new Process({ target: work, args }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
  for (const [key, count] of counts) console.log(`${key}: ${count}`);
}
