export const ROUNDS = 20_000;

/** Notifies another one and waits, as long as there are turns left. The caller has the lock. */
export function takeTurns(condition, turns) {
  while (turns.data[0] > 0) {
    turns.data[0]--;
    condition.notify();
    condition.waitSync();
  }
  condition.notifyAll();
}

/** Waits for its first turn; `ready` is released when it has the lock. */
export function join(condition, turns, ready) {
  const hold = condition.acquireSync();
  ready.release();
  condition.waitSync();
  takeTurns(condition, turns);
  hold.release();
}

/** Meets the other parties. */
export function meet(barrier) {
  for (let round = 0; round <= ROUNDS; round++) barrier.waitSync();
}
