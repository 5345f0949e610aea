// Each child prints two lines and waits between them: mixed without a lock, adjacent with it.
import { setTimeout as pause } from 'node:timers/promises';
import { Barrier } from '@multiproc/condition';
import { Lock } from '@multiproc/lock';
import { isMainProcess, Process } from '@multiproc/process';

async function printPair(between) {
  console.log(`${process.pid} begins`);
  await between();
  console.log(`${process.pid} ends`);
}

export async function withoutLock(together) {
  await printPair(() => together.wait()); // until all have begun
}

export async function withLock(together, lock) {
  await together.wait();
  await lock.runExclusive(() => printPair(() => pause(100)));
}

async function run(target, ...args) {
  const children = [1, 2, 3].map(() => new Process({ target, args }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
}

if (isMainProcess()) {
  const together = new Barrier(3);
  console.log('without a lock:');
  await run(withoutLock, together);
  console.log('with a lock:');
  await run(withLock, together, new Lock());
}
