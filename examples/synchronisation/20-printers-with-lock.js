// Three printers under one lock: the pages of each stay together. One uses the hold that `acquire`
// gives (on Node 24: `using hold = …`, Python's `with lock:`), two use acquire and release.
import { setTimeout as pause } from 'node:timers/promises';
import { Lock } from '@multiproc/lock';
import { isMainProcess, Process } from '@multiproc/process';

async function print(name) {
  for (let page = 1; page <= 4; page++) {
    console.log(`${name} page ${page}`);
    await pause(50);
  }
}

export async function printHolding(lock, name) {
  const hold = await lock.acquire();
  try {
    await print(name);
  } finally {
    hold.release();
  }
}

export async function printBetween(lock, name) {
  await lock.acquire();
  await print(name);
  lock.release();
}

if (isMainProcess()) {
  const lock = new Lock();
  new Process({ target: printHolding, args: [lock, 'Ada'] }).start();
  new Process({ target: printBetween, args: [lock, 'Ben'] }).start();
  new Process({ target: printBetween, args: [lock, 'Cleo'] }).start();
}
