import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const EMPTY = fileURLToPath(new URL('empty.js', import.meta.url));
const ROUNDS = 10;

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) await once(fork(EMPTY), 'exit');
  return (performance.now() - start) / ROUNDS;
}

await run();
console.log(await run());
