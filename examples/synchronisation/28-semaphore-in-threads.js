// A semaphore with five permits and ten threads.
import { setTimeout as pause } from 'node:timers/promises';
import { currentProcess, getContext, isMainProcess } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';

export async function work(semaphore) {
  const { name } = currentProcess();
  await semaphore.runExclusive(async () => {
    console.log(`${name} enters`);
    await pause(50);
    console.log(`${name} leaves`);
  });
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  const semaphore = new Semaphore(5);
  for (let i = 0; i < 10; i++) new Process({ target: work, args: [semaphore] }).start();
}
