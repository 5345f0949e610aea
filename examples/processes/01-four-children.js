// Four children run one function at the same time. The parent's own line comes first.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work(name) {
  console.log(`${name} begins`);
  await pause(Math.random() * 100);
  console.log(`${name} has finished`);
}

if (isMainProcess()) {
  const names = ['Ada', 'Ben', 'Cleo', 'Dan'];
  console.log('the parent starts four children');
  for (const name of names) new Process({ target: work, args: [name] }).start();
}
