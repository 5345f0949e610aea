const words = new Int32Array(new SharedArrayBuffer(64));
const ROUNDS = 10_000_000;

function run() {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) Atomics.add(words, 0, 1);
  return ((performance.now() - start) / ROUNDS) * 1e6;
}

run();
console.log(run());
