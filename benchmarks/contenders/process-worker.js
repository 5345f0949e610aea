import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const EMPTY = new URL('empty.js', import.meta.url);
const ROUNDS = 10;

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) await once(new Worker(EMPTY), 'exit');
  return (performance.now() - start) / ROUNDS;
}

await run();
console.log(await run());
