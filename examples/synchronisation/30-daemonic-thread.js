// A daemonic thread ends with the program, a thread that is no daemon keeps it alive.
import { setTimeout as pause } from 'node:timers/promises';
import { getContext, isMainProcess } from '@multiproc/process';

export async function work(name, duration) {
  await pause(duration);
  console.log(`${name} has finished`);
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  new Process({ target: work, args: ['the daemon', 60_000], daemon: true }).start();
  new Process({ target: work, args: ['the thread', 100] }).start();
  console.log("the main thread's last line");
}
