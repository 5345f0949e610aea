// Ten children count down from 100 in a dictionary: to 90 under a lock and with `compute`. With
// neither, they overwrite each other's numbers.
import { setTimeout as pause } from 'node:timers/promises';
import { Barrier } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { ManagerDict } from '@multiproc/manager-dict';
import { isMainProcess, Process } from '@multiproc/process';

async function countDown(counts, key) {
  const count = counts.get(key);
  await pause(10);
  counts.set(key, count - 1);
}

export async function work(together, counts, lock) {
  await together.wait(); // all begin at the same time
  await countDown(counts, 'with neither');
  await lock.runExclusive(() => countDown(counts, 'under a lock'));
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
