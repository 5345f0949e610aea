import { Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';
import { boundOf, consume, produce, produceAsync } from './queue-work.js';

const FORMS = {
  blocking: { produce, get: (queue) => queue.getSync() },
  awaiting: { produce: produceAsync, get: (queue) => queue.get() },
  view: { produce, get: (queue) => queue.getSync({ view: true }).release() },
};

/**
 * Gets `count` items from one process that puts them.
 *
 * @returns µs for each
 */
export async function fromOne(kind, count, form = 'blocking') {
  const { produce: target, get } = FORMS[form];
  const queue = new Queue({ maxsize: boundOf(kind) });
  const warm = Math.ceil(count / 10);
  const child = new Process({ target, args: [queue, kind, warm + count] });
  child.start();
  let start = 0;
  if (form === 'awaiting') {
    for (let i = 0; i < warm + count; i++) {
      if (i === warm) start = performance.now();
      await get(queue);
    }
  } else {
    for (let i = 0; i < warm + count; i++) {
      if (i === warm) start = performance.now();
      get(queue);
    }
  }
  const elapsed = performance.now() - start;
  await child.join();
  return (elapsed / count) * 1e3;
}

/**
 * Four processes put and four get, `count` items in all.
 *
 * @returns µs for each
 */
export async function fromFour(kind, count) {
  const [queue, done] = [new Queue({ maxsize: 1000 }), new Queue()];
  const start = (target, ...args) => {
    const child = new Process({ target, args });
    child.start();
    return child;
  };
  const children = [1, 2, 3, 4].map(() => start(consume, queue, done, count / 4));
  for (let i = 0; i < 4; i++) done.getSync();
  const begin = performance.now();
  children.push(...[1, 2, 3, 4].map(() => start(produce, queue, kind, count / 4)));
  for (let i = 0; i < 4; i++) done.getSync();
  const elapsed = performance.now() - begin;
  for (const child of children) await child.join();
  return (elapsed / count) * 1e3;
}
