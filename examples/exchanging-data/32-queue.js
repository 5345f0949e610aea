// A queue for three items: they come out in the order in which they went in.
import { Queue } from '@multiproc/queue';

const queue = new Queue({ maxsize: 3 });

for (const item of ['one', 'two', 'three']) await queue.put(item);
console.log(`${queue.qsize()} items, full: ${queue.full()}`);

for (let i = 0; i < 3; i++) console.log(await queue.get());
console.log(`${queue.qsize()} items, empty: ${queue.empty()}`);
