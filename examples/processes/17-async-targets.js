// Four processes, each of which runs a hundred asynchronous functions at the same time.
import { setTimeout as pause } from 'node:timers/promises';
import { currentProcess, isMainProcess, Process } from '@multiproc/process';

async function fetchNumber(number) {
  await pause(Math.random() * 50);
  return number;
}

export async function work() {
  const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
  const results = await Promise.all(numbers.map(fetchNumber));
  const sum = results.reduce((total, number) => total + number, 0);
  console.log(`${currentProcess().name}: ${results.length} results, their sum is ${sum}`);
}

if (isMainProcess()) {
  const children = [1, 2, 3, 4].map(() => new Process({ target: work }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
}
