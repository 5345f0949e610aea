// Threads by function and by subclass: what a process can do, a thread can do.
import { currentProcess, isMainProcess, Process } from '@multiproc/process';

export function work(number) {
  console.log(`function ${number} in ${currentProcess().name}, process ${process.pid}`);
}

export class Worker extends Process {
  constructor(number) {
    super({ startMethod: 'thread' });
    this.number = number;
  }

  run() {
    console.log(`subclass ${this.number} in ${this.name}, process ${process.pid}`);
  }
}

if (isMainProcess()) {
  console.log(`the program is process ${process.pid}`);
  for (const number of [1, 2, 3]) {
    new Process({ target: work, args: [number], startMethod: 'thread' }).start();
    new Worker(number).start();
  }
}
