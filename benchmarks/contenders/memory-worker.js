import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { resident } from './memory-load.js';
import { parameter } from './parameters.js';

const IDLE = new URL('memory-worker-idle.js', import.meta.url);
const agents = parameter('agents', 4);
const before = resident();
const workers = Array.from({ length: agents }, () => new Worker(IDLE));
await Promise.all(workers.map((worker) => once(worker, 'message')));
console.log((resident() - before) / agents / 2 ** 20);
for (const worker of workers) await worker.terminate();
