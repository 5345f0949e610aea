// Ten children greet with the process id of their parent and their own.
import { isMainProcess, Process, parentProcess } from '@multiproc/process';

export function greet(number) {
  console.log(`hello from child ${number}: parent ${parentProcess().pid}, own ${process.pid}`);
}

if (isMainProcess()) {
  const children = Array.from({ length: 10 }, (_, i) => new Process({ target: greet, args: [i] }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
  console.log(`all children of ${process.pid} have ended`);
}
