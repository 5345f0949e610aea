export function work(lock, gate, rounds) {
  gate.acquireSync().release();
  for (let round = 0; round < rounds; round++) lock.acquireSync().release();
}
