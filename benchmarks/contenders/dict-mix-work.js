import { mix } from './dict-load.js';

export const ROUNDS = 300_000;

export function work(dict, ready, gate) {
  mix(dict, ROUNDS);
  ready.release();
  gate.acquireSync();
  mix(dict, ROUNDS);
}
