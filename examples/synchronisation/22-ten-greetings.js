// Ten children greet under one lock: no greeting is torn by another.
import { setTimeout as pause } from 'node:timers/promises';
import { Lock } from '@multiproc/lock';
import { isMainProcess, Process } from '@multiproc/process';

export async function greet(lock, number) {
  const hold = lock.acquireSync(); // blocks until it is this child's turn
  process.stdout.write('hello ');
  await pause(10);
  process.stdout.write(`from child ${number}\n`);
  hold.release();
}

if (isMainProcess()) {
  const lock = new Lock();
  for (let i = 0; i < 10; i++) new Process({ target: greet, args: [lock, i] }).start();
}
