import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { parameter } from './parameters.js';

const EMPTY = new URL('empty.js', import.meta.url);
const agents = parameter('agents', 1);
const ROUNDS = Math.ceil(10 / agents);

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(Array.from({ length: agents }, () => once(new Worker(EMPTY), 'exit')));
  }
  return (performance.now() - start) / ROUNDS / agents;
}

await run();
console.log(await run());
