export const ROUNDS = 20_000;

export function answer(ping, pong) {
  for (let round = 0; round < ROUNDS; round++) {
    ping.waitSync();
    ping.clear();
    pong.set();
  }
}

export async function answerAsync(ping, pong) {
  for (let round = 0; round < ROUNDS; round++) {
    await ping.wait();
    ping.clear();
    pong.set();
  }
}
