// Three printers without a lock: their pages are mixed.
import { setTimeout as pause } from 'node:timers/promises';
import { Barrier } from '@multiproc/condition';
import { isMainProcess, Process } from '@multiproc/process';

export async function print(together, name) {
  await together.wait(); // all begin at the same time
  for (let page = 1; page <= 4; page++) {
    console.log(`${name} page ${page}`);
    await pause(50);
  }
}

if (isMainProcess()) {
  const together = new Barrier(3);
  for (const name of ['Ada', 'Ben', 'Cleo']) {
    new Process({ target: print, args: [together, name] }).start();
  }
}
