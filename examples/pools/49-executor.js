// An executor: each `submit` gives a future, `map` gives results in the order of its input.
import { ProcessPoolExecutor } from '@multiproc/executor';
import { isMainProcess } from '@multiproc/process';

export function square(n) {
  return n * n;
}

if (isMainProcess()) {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  const executor = new ProcessPoolExecutor({ maxWorkers: 2 });
  const futures = numbers.map((n) => executor.submit(square, n));
  await executor.shutdown({ wait: true });
  const results = await Promise.all(futures.map((future) => future.result()));
  console.log(`submit: ${results.join(' ')}`);

  const mapping = new ProcessPoolExecutor({ maxWorkers: 2 });
  const squares = [];
  for await (const squared of mapping.map(square, numbers)) squares.push(squared);
  console.log(`map: ${squares.join(' ')}`);
  await mapping.shutdown();
}
