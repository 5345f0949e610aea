// Two producers, three consumers: every item is eaten once. A sentinel for each consumer ends it.
import { setTimeout as pause } from 'node:timers/promises';
import { currentProcess, isMainProcess, Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';

const NO_MORE = null;

export async function produce(queue, food) {
  for (let i = 1; i <= 6; i++) await queue.put(`${food} ${i}`);
}

export async function consume(queue) {
  const { name } = currentProcess();
  for (let item = await queue.get(); item !== NO_MORE; item = await queue.get()) {
    console.log(`${name} eats ${item}`);
    await pause(10);
  }
  console.log(`${name} has finished`);
}

if (isMainProcess()) {
  const queue = new Queue({ maxsize: 5 });
  const producers = ['dumpling', 'bun'].map(
    (food) => new Process({ target: produce, args: [queue, food] }),
  );
  const consumers = ['Ada', 'Ben', 'Cleo'].map(
    (name) => new Process({ target: consume, args: [queue], name }),
  );
  for (const child of [...producers, ...consumers]) child.start();
  for (const producer of producers) await producer.join();
  for (const _ of consumers) await queue.put(NO_MORE);
}
