/** Takes, holds for a `section` and gives back as often as it can, and notes how often. Times in ms. */
export function count(lock, gate, counts, position, { section, duration }) {
  gate.acquireSync();
  const end = performance.now() + duration;
  let taken = 0;
  while (performance.now() < end) {
    const hold = lock.acquireSync();
    if (section > 0) for (const until = performance.now() + section; performance.now() < until; );
    hold.release();
    taken++;
  }
  counts.data[position] = taken;
}
