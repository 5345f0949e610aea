const ROUNDS = 30_000;
const locks = globalThis.navigator?.locks;

async function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) await locks.request('row', () => {});
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

if (locks) {
  await run();
  console.log(await run());
} else {
  console.log('skipped: this Node.js has no navigator.locks');
}
