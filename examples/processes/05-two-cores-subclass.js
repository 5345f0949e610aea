// The sum as a subclass with a parameter: `run()` works here, `start()` works in a child.
import { isMainProcess, Process } from '@multiproc/process';

const since = (begin) => `${Math.round(performance.now() - begin)} ms`;

export class Sum extends Process {
  constructor(limit) {
    super();
    this.limit = limit;
  }

  run() {
    const begin = performance.now();
    let total = 0;
    for (let i = 0; i < this.limit; i++) total += i % 10;
    console.log(`the sum is ${total}, computed in ${since(begin)}`);
  }
}

if (isMainProcess()) {
  const sums = [new Sum(400_000_000), new Sum(400_000_000)];

  let begin = performance.now();
  for (const sum of sums) sum.run();
  console.log(`one after the other: ${since(begin)}`);

  begin = performance.now();
  for (const sum of sums) sum.start();
  for (const sum of sums) await sum.join();
  console.log(`both at once: ${since(begin)}`);
}
