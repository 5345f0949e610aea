// A daemonic child ends with its parent: its last line never appears.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export class Worker extends Process {
  constructor(person) {
    super({ daemon: true });
    this.person = person;
  }

  async run() {
    console.log(`${this.person} begins`);
    await pause(60_000);
    console.log(`${this.person} has finished`);
  }
}

if (isMainProcess()) {
  new Worker('Ada').start();
  await pause(200);
  console.log('the parent ends');
}
