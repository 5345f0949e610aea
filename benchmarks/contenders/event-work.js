export const ROUNDS = 10_000;

/** Answers each `set` of the two pings, which take turns. */
export function answer(pings, pong) {
  for (let round = 0; round < ROUNDS; round++) {
    pings[round & 1].waitSync();
    pong.set();
  }
}

/** The same, awaiting. */
export async function answerAsync(pings, pong) {
  for (let round = 0; round < ROUNDS; round++) {
    await pings[round & 1].wait();
    pong.set();
  }
}
