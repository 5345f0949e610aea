export const ROUNDS = 20_000;

/** Hands a token on. */
export function answer(own, next) {
  for (let round = 0; round < ROUNDS; round++) {
    own.acquireSync();
    next.release();
  }
}
