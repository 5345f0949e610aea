import { Worker } from 'node:worker_threads';
import { ONE, timePerCall } from './pool-load.js';

const workers = [0, 1].map(() => new Worker(new URL('pool-raw-task.js', import.meta.url)));
const waiting = new Map();
let next = 0;
for (const worker of workers) {
  worker.on('message', ([id, result]) => {
    waiting.get(id)(result);
    waiting.delete(id);
  });
}
const call = () =>
  new Promise((resolve) => {
    waiting.set(next, resolve);
    workers[next % 2].postMessage([next++, 1, 2]);
  });
console.log(await timePerCall(call, ONE.count, ONE.inFlight));
for (const worker of workers) await worker.terminate();
