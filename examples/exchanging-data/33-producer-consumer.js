// A producer that is faster than its consumer: when five items wait in the queue, it waits, too.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';

export async function produce(queue) {
  for (let i = 1; i <= 12; i++) {
    await queue.put(i);
    console.log(`produced ${i}`);
  }
}

export async function consume(queue) {
  for (let i = 1; i <= 12; i++) {
    await pause(20);
    console.log(`consumes ${await queue.get()}`);
  }
}

if (isMainProcess()) {
  const queue = new Queue({ maxsize: 5 });
  new Process({ target: produce, args: [queue] }).start();
  new Process({ target: consume, args: [queue] }).start();
}
