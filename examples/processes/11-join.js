// To join each child before the next one starts is serial; to start all and then join all is parallel.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work(name) {
  console.log(`${name} begins`);
  await pause(200);
  console.log(`${name} has finished`);
}

const children = () =>
  ['Ada', 'Ben', 'Cleo'].map((name) => new Process({ target: work, args: [name] }));

if (isMainProcess()) {
  let begin = performance.now();
  for (const child of children()) {
    child.start();
    await child.join();
  }
  console.log(`serial: ${Math.round(performance.now() - begin)} ms`);

  begin = performance.now();
  const started = children();
  for (const child of started) child.start();
  for (const child of started) await child.join();
  console.log(`parallel: ${Math.round(performance.now() - begin)} ms`);
}
