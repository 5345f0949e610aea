/** Takes the lock as often as it can for so many milliseconds, and notes how often. */
export function count(lock, gate, counts, position, milliseconds) {
  gate.acquireSync().release();
  const end = performance.now() + milliseconds;
  let taken = 0;
  while (performance.now() < end) {
    lock.acquireSync().release();
    taken++;
  }
  counts.data[position] = taken;
}
