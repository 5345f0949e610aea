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
  for (const person of ['Ada', 'Ben', 'Cleo', 'Dan']) new Worker(person).start();
  console.log('the parent has started four children');
}
