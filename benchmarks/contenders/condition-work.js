export const ROUNDS = 20_000;

/** Waits to be notified and notifies back; `ready` is released when it has the lock. */
export function answer(condition, ready) {
  const hold = condition.acquireSync();
  ready.release();
  for (let round = 0; round < ROUNDS; round++) {
    condition.waitSync();
    condition.notify();
  }
  hold.release();
}

/** Meets the other party. */
export function meet(barrier) {
  for (let round = 0; round <= ROUNDS; round++) barrier.waitSync();
}
