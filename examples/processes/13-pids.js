// Who is who: the process ids of parent and child, seen from both sides.
import { isMainProcess, Process, parentProcess } from '@multiproc/process';

export function tell() {
  console.log(`child: I am ${process.pid}, my parent is ${parentProcess().pid}`);
}

if (isMainProcess()) {
  const child = new Process({ target: tell });
  child.start();
  console.log(`parent: I am ${process.pid}, my child is ${child.pid}`);
  await child.join();
}
