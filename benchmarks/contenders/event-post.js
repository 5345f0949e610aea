// Microseconds for a message from thread to thread, there and back, halved.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const ROUNDS = 20_000;
const WARM = 1_000;

if (isMainThread) measure();
else parentPort.on('message', (message) => parentPort.postMessage(message));

function measure() {
  const worker = new Worker(new URL(import.meta.url));
  let [round, start] = [0, 0];
  worker.on('message', () => {
    if (round === WARM) start = performance.now();
    if (round++ < ROUNDS) return worker.postMessage(0);
    console.log(((performance.now() - start) / (ROUNDS - WARM) / 2) * 1e3);
    return worker.terminate();
  });
  worker.postMessage(0);
}
