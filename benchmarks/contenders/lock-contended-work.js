export const ROUNDS = 1_000_000;

export function work(lock, gate) {
  gate.acquireSync().release();
  for (let round = 0; round < ROUNDS; round++) lock.acquireSync().release();
}
