// A semaphore with two permits: of six workers at most two are inside at any time.
import { setTimeout as pause } from 'node:timers/promises';
import { currentProcess, isMainProcess, Process } from '@multiproc/process';
import { Semaphore } from '@multiproc/semaphore';

export async function work(semaphore) {
  const { name } = currentProcess();
  const hold = await semaphore.acquire();
  console.log(`${name} enters`);
  await pause(50);
  console.log(`${name} leaves`);
  hold.release();
}

if (isMainProcess()) {
  const semaphore = new Semaphore(2);
  for (let i = 0; i < 6; i++) new Process({ target: work, args: [semaphore] }).start();
}
