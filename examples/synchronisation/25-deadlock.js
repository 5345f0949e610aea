// Ten threads take two locks, half of them in the opposite order: they wait for each other. Without
// the time-out this would last for ever.
import { Barrier } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { currentProcess, getContext, isMainProcess } from '@multiproc/process';

export async function work(both, first, second) {
  const { name } = currentProcess();
  const hold = await first.acquire();
  await both.wait(); // until another thread holds the other lock
  const other = await second.acquire({ timeout: 100 });
  console.log(other ? `${name} has both locks` : `${name} is in a deadlock and gives up`);
  other?.release();
  hold.release();
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  const both = new Barrier(2);
  const a = new Lock();
  const b = new Lock();
  for (let i = 0; i < 10; i++) {
    const [first, second] = i % 2 === 0 ? [a, b] : [b, a];
    new Process({ target: work, args: [both, first, second] }).start();
  }
}
