// Two threads count down from 100 under a lock, ten count up from 0 under an `RLock`.
import { setTimeout as pause } from 'node:timers/promises';
import { Lock, RLock } from '@multiproc/lock';
import { getContext, isMainProcess } from '@multiproc/process';
import { Value } from '@multiproc/shared';

export async function change(lock, counter, by) {
  const hold = await lock.acquire();
  const before = counter.value;
  await pause(5); // long enough for others to read the same number, if they could
  counter.value = before + by;
  hold.release();
}

async function run(threads, ...args) {
  const { Process } = getContext('thread');
  const children = Array.from({ length: threads }, () => new Process({ target: change, args }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
}

if (isMainProcess()) {
  const down = new Value('i', 100);
  await run(2, new Lock(), down, -1);
  console.log(`two threads, from 100: ${down.value}`);

  const up = new Value('i', 0);
  await run(10, new RLock(), up, 1);
  console.log(`ten threads, from 0: ${up.value}`);
}
