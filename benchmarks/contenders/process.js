import { Process } from '@multiproc/process';
import { empty } from './empty-target.js';

const ROUNDS = 10;

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const child = new Process({ target: empty });
    child.start();
    await child.join();
  }
  return (performance.now() - start) / ROUNDS;
}

await run();
console.log(await run());
