const [from, to] = [new Uint8Array(8_388_608).fill(7), new Uint8Array(8_388_608)];
const ROUNDS = 100;
let start = 0;
for (let round = -10; round < ROUNDS; round++) {
  if (round === 0) start = performance.now();
  to.set(from);
}
console.log(((performance.now() - start) / ROUNDS) * 1e3);
