// The same with one `RLock` in both places: its owner may take it again, so nobody waits for ever.
import { setTimeout as pause } from 'node:timers/promises';
import { RLock } from '@multiproc/lock';
import { currentProcess, getContext, isMainProcess } from '@multiproc/process';

export async function work(first, second) {
  const { name } = currentProcess();
  const hold = await first.acquire();
  await pause(10);
  const other = await second.acquire();
  console.log(`${name} has both locks`);
  other.release();
  hold.release();
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  const lock = new RLock();
  for (let i = 0; i < 10; i++) new Process({ target: work, args: [lock, lock] }).start();
}
