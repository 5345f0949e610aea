// `get` from an empty queue and `put` into a full one: not waiting, with a time-out, and waiting.
import { Queue } from '@multiproc/queue';

const queue = new Queue({ maxsize: 1 });

async function attempt(what, call) {
  const begin = performance.now();
  try {
    const item = await call();
    console.log(`${what}: ${item ?? 'done'}`);
  } catch (error) {
    console.log(`${what}: ${error.code}, ${Math.round(performance.now() - begin)} ms`);
  }
}

await attempt('get now', () => queue.getNowait());
await attempt('get within 50 ms', () => queue.get({ timeout: 50 }));
const got = attempt('get, waiting', () => queue.get());
await queue.put('first');
await got;

await queue.put('second');
await attempt('put now', () => queue.putNowait('third'));
await attempt('put within 50 ms', () => queue.put('third', { timeout: 50 }));
const put = attempt('put, waiting', () => queue.put('third'));
await queue.get();
await put;
