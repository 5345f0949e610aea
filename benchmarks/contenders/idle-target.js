/** Says that it is there and waits until it is told to end. */
export function idle(ready, gate) {
  ready.release();
  gate.acquireSync();
}
