/**
 * Takes, holds for a `section` (in ms) and gives back as often as it can until `stop` is told, and
 * notes how often. All have the same time: who begins late has no quiet end.
 */
export function takeAndHold(lock, { ready, gate, stop, counts, section }, position) {
  ready.release();
  gate.acquireSync();
  let taken = 0;
  while (Atomics.load(stop.data, 0) === 0) {
    const hold = lock.acquireSync();
    if (section > 0) for (const until = performance.now() + section; performance.now() < until; );
    hold.release();
    taken++;
  }
  counts.data[position] = taken;
}

/** Gets what another process puts, until it gets a `null`. */
export function getAll(queue, { ready, gate, counts }, position) {
  ready.release();
  gate.acquireSync();
  let taken = 0;
  while (queue.getSync() !== null) taken++;
  counts.data[position] = taken;
}
