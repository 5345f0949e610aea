// Each process has variables of its own: what a child changes, its parent does not see.
import { isMainProcess, Process } from '@multiproc/process';

let n = 100;

export function change() {
  n = 1;
  console.log(`in the child: ${n}`);
}

if (isMainProcess()) {
  const child = new Process({ target: change });
  child.start();
  await child.join();
  console.log(`in the parent: ${n}`);
}
