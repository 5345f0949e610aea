// Ten threads take two locks, half of them in the opposite order: they wait for each other. Without
// the time-out this would last for ever.
import { setTimeout as pause } from 'node:timers/promises';
import { Barrier } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { currentProcess, getContext, isMainProcess } from '@multiproc/process';

export async function work(together, first, second) {
  const { name } = currentProcess();
  await together.wait(); // all begin at the same time
  const hold = await first.acquire();
  await pause(50);
  const other = await second.acquire({ timeout: 100 });
  console.log(other ? `${name} has both locks` : `${name} is in a deadlock and gives up`);
  other?.release();
  hold.release();
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  const together = new Barrier(10);
  const a = new Lock();
  const b = new Lock();
  for (let i = 0; i < 10; i++) {
    const [first, second] = i % 2 === 0 ? [a, b] : [b, a];
    new Process({ target: work, args: [together, first, second] }).start();
  }
}
