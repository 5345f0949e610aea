// The same sum twice in a row, then in two processes at once: two cores need about half the time.
import { isMainProcess, Process } from '@multiproc/process';

const since = (begin) => `${Math.round(performance.now() - begin)} ms`;

export function sum() {
  const begin = performance.now();
  let total = 0;
  for (let i = 0; i < 400_000_000; i++) total += i % 10;
  console.log(`the sum is ${total}, computed in ${since(begin)}`);
}

if (isMainProcess()) {
  let begin = performance.now();
  sum();
  sum();
  console.log(`one after the other: ${since(begin)}`);

  begin = performance.now();
  const children = [new Process({ target: sum }), new Process({ target: sum })];
  for (const child of children) child.start();
  for (const child of children) await child.join();
  console.log(`both at once: ${since(begin)}`);
}
