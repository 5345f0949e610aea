// The same with a subclass: `run()` is what the child does, and the fields of the object travel with it.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export class Worker extends Process {
  constructor(person) {
    super();
    this.person = person;
  }

  async run() {
    console.log(`${this.person} begins`);
    await pause(Math.random() * 100);
    console.log(`${this.person} has finished`);
  }
}

if (isMainProcess()) {
  const workers = ['Ada', 'Ben', 'Cleo', 'Dan'].map((person) => new Worker(person));
  console.log('the parent starts four children');
  for (const worker of workers) worker.start();
}
