// Two threads, because its memory reaches no other process.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import SharedMap from 'sharedmap';
import { makeSharedMap, mix } from './dict-load.js';
import { parameter } from './parameters.js';

const ROUNDS = 100_000;

if (isMainThread) await measure();
else work();

async function measure() {
  const agents = parameter('agents', 2);
  const map = makeSharedMap(1);
  const workers = Array.from({ length: agents }, () => {
    return new Worker(new URL(import.meta.url), { workerData: map });
  });
  await Promise.all(workers.map(nextMessage));
  const start = performance.now();
  for (const worker of workers) worker.postMessage('go');
  await Promise.all(workers.map(nextMessage));
  console.log(((performance.now() - start) / (agents * ROUNDS)) * 1e6);
  for (const worker of workers) await worker.terminate();
}

function nextMessage(worker) {
  return new Promise((resolve) => worker.once('message', resolve));
}

function work() {
  const map = Object.setPrototypeOf(workerData, SharedMap.prototype);
  mix(map, ROUNDS);
  parentPort.once('message', () => {
    mix(map, ROUNDS);
    parentPort.postMessage('done');
  });
  parentPort.postMessage('ready');
}
