// The program ends when its last child has ended, even if the parent has nothing left to do.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work() {
  console.log('the child begins');
  await pause(200);
  console.log('the child has finished');
}

if (isMainProcess()) {
  new Process({ target: work }).start();
  console.log("the parent's last line");
}
