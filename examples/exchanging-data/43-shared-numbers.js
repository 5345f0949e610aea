// A number and an array in shared memory, changed by ten children.
import { isMainProcess, Process } from '@multiproc/process';
import { SharedArray, Value } from '@multiproc/shared';

export async function work(largest, numbers, i) {
  await largest.update((square) => Math.max(square, i * i));
  numbers.data[i] = -i;
}

if (isMainProcess()) {
  const largest = new Value('d', 0);
  const numbers = new SharedArray('i', 10);
  const children = Array.from(
    { length: 10 },
    (_, i) => new Process({ target: work, args: [largest, numbers, i] }),
  );
  for (const child of children) child.start();
  for (const child of children) await child.join();
  console.log(`the largest square: ${largest.value}`);
  console.log(`the numbers: ${[...numbers].join(' ')}`);
}
