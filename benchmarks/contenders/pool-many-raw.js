import { Worker } from 'node:worker_threads';
import { MANY, timePerCall, WORKERS } from './pool-load.js';

const TASK = new URL('pool-raw-task.js', import.meta.url);
const workers = Array.from({ length: WORKERS }, () => new Worker(TASK));
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
    workers[next % WORKERS].postMessage([next++, 1, 2]);
  });
console.log(await timePerCall(call, MANY.count, MANY.inFlight));
for (const worker of workers) await worker.terminate();
