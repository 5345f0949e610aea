import { Mutex } from 'async-mutex';

const mutex = new Mutex();
const ROUNDS = 300_000;

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) (await mutex.acquire())();
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

await run();
console.log(await run());
