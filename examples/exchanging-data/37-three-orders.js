// Three orders: first in, first out; last in, first out; lowest number first.
import { LifoQueue, PriorityQueue, Queue } from '@multiproc/queue';

async function show(order, queue, items) {
  for (const item of items) await queue.put(item);
  const taken = [];
  while (!queue.empty()) taken.push(await queue.get());
  console.log(`${order}: ${taken.join(' ')}`);
}

await show('first in, first out', new Queue(), [1, 2, 3]);
await show('last in, first out', new LifoQueue(), [1, 2, 3]);
await show('lowest first', new PriorityQueue(), [10, -2, 5]);
