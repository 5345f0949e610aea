// Microseconds for an item that another process puts.
import { Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';
import { parameter } from './parameters.js';
import { boundOf, countFor, produce, produceAsync, wantedKind, warmUpOf } from './queue-work.js';

const FORMS = {
  blocking: (queue) => queue.getSync(),
  view: (queue) => queue.getSync({ view: true }).release(),
};

const kind = wantedKind();
const form = parameter('form', 'blocking');
const count = countFor(kind);
const warm = warmUpOf(count);
const queue = new Queue({ maxsize: boundOf(kind) });
const target = form === 'awaiting' ? produceAsync : produce;
const child = new Process({ target, args: [queue, kind, warm + count] });
child.start();
const elapsed = form === 'awaiting' ? await getAwaiting() : getAll(FORMS[form]);
console.log((elapsed / count) * 1e3);
await child.join();

function getAll(get) {
  for (let i = 0; i < warm; i++) get(queue);
  const start = performance.now();
  for (let i = 0; i < count; i++) get(queue);
  return performance.now() - start;
}

async function getAwaiting() {
  for (let i = 0; i < warm; i++) await queue.get();
  const start = performance.now();
  for (let i = 0; i < count; i++) await queue.get();
  return performance.now() - start;
}
