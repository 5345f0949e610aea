// `join()` of a `JoinableQueue` returns when somebody has said `taskDone()` for each item.
import { setTimeout as pause } from 'node:timers/promises';
import { currentProcess, isMainProcess, Process } from '@multiproc/process';
import { JoinableQueue } from '@multiproc/queue';

export async function consume(queue) {
  for await (const item of queue) {
    await pause(20);
    console.log(`${currentProcess().name} has done task ${item}`);
    queue.taskDone();
  }
}

if (isMainProcess()) {
  const queue = new JoinableQueue();
  // Daemons: they wait for the next task until the parent ends.
  for (const name of ['Ada', 'Ben']) {
    new Process({ target: consume, args: [queue], name, daemon: true }).start();
  }
  for (let task = 1; task <= 8; task++) await queue.put(task);
  await queue.join();
  console.log('every task is done');
}
