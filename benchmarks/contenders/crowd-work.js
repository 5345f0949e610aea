import { Lock } from '@multiproc/lock';
import { keyAt, mix } from './dict-load.js';

function hold(lock, rounds) {
  for (let round = 0; round < rounds; round++) lock.acquireSync().release();
}

async function holdAsync(lock, rounds) {
  for (let round = 0; round < rounds; round++) (await lock.acquire()).release();
}

/** What an agent does so many times, by name, with what all agents share. */
const WORK = {
  lock: (_, rounds) => hold(new Lock(), rounds),
  'lock-shared': hold,
  'lock-async': (_, rounds) => holdAsync(new Lock(), rounds),
  'lock-async-shared': holdAsync,
  semaphore: hold,
  value: (value, rounds) => {
    for (let round = 0; round < rounds; round++) {
      const held = value.acquireSync();
      value.value += 1n;
      held.release();
    }
  },
  'value-atomic': (value, rounds) => {
    for (let round = 0; round < rounds; round++) value.add(1);
  },
  'dict-get': (dict, rounds) => {
    for (let round = 0; round < rounds; round++) dict.get(keyAt(round));
  },
  'dict-set': (dict, rounds) => {
    for (let round = 0; round < rounds; round++) dict.set(keyAt(round), round);
  },
  'dict-increment': (dict, rounds) => {
    for (let round = 0; round < rounds; round++) dict.increment(keyAt(round));
  },
  'dict-mix': mix,
};

/** One agent of the crowd: warms up, waits for the others, works, and says that it is done. */
export async function join(name, shared, rounds, { ready, gate, done }) {
  await WORK[name](shared, Math.ceil(rounds / 4));
  ready.release();
  gate.acquireSync();
  await WORK[name](shared, rounds);
  done.release();
}
