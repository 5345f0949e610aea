const words = new Int32Array(new SharedArrayBuffer(64));
const ROUNDS = 5_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    if (Atomics.compareExchange(words, 0, 0, 1) === 0) Atomics.store(words, 0, 0);
  }
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
