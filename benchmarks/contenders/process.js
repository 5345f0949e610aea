// Milliseconds to start and join a process, so many of them at a time.
import { Process } from '@multiproc/process';
import { empty } from './empty-target.js';
import { parameter } from './parameters.js';

const agents = parameter('agents', 1);
const startMethod = parameter('startMethod', 'spawn');
const ROUNDS = Math.ceil(10 / agents);

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const children = Array.from({ length: agents }, () => {
      return new Process({ target: empty, startMethod });
    });
    for (const child of children) child.start();
    for (const child of children) await child.join();
  }
  return (performance.now() - start) / ROUNDS / agents;
}

await run();
console.log(await run());
