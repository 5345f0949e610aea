// The same child as a daemon: it ends with its parent, so its last line never appears.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work() {
  console.log('the child begins');
  await pause(60_000);
  console.log('the child has finished');
}

if (isMainProcess()) {
  new Process({ target: work, daemon: true }).start();
  await pause(200);
  console.log("the parent's last line");
}
