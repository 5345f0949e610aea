// Four children run one function. `start()` returns at once, so the parent's line comes first.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work(name) {
  console.log(`${name} begins`);
  await pause(Math.random() * 100);
  console.log(`${name} has finished`);
}

if (isMainProcess()) {
  for (const name of ['Ada', 'Ben', 'Cleo', 'Dan']) {
    new Process({ target: work, args: [name] }).start();
  }
  console.log('the parent has started four children');
}
