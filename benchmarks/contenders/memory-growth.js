// How many times as large this process is after it did something very often.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { currentFamily } from '@multiproc/core';
import { Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';
import { empty } from './empty-target.js';
import { resident } from './memory-load.js';
import { parameter } from './parameters.js';

const EMPTY = new URL('empty.js', import.meta.url);
const STARTS = parameter('starts', 1000);
const queue = new Queue();

async function startAndJoin(rounds, startMethod) {
  for (let round = 0; round < rounds; round++) {
    const child = new Process({ target: empty, startMethod });
    child.start();
    await child.join();
    if (child.exitCode !== 0) throw new Error(`${child.name} ended with ${child.exitCode}`);
  }
}

async function startBare(rounds) {
  for (let round = 0; round < rounds; round++) await once(new Worker(EMPTY), 'exit');
}

/** What is done, how often at first, and how often while the growth is measured. */
const WORK = {
  'put-get': [
    (rounds) => {
      for (let round = 0; round < rounds; round++) {
        queue.putSync({ round, name: 'item' });
        queue.getSync();
      }
    },
    200_000,
    parameter('pairs', 1_000_000),
  ],
  spawn: [(rounds) => startAndJoin(rounds, 'spawn'), 50, STARTS],
  thread: [(rounds) => startAndJoin(rounds, 'thread'), 50, STARTS],
  worker: [startBare, 50, STARTS],
};

const [work, warm, rounds] = WORK[parameter('of', 'put-get')];
const { arena } = currentFamily();
await work(warm);
const [usedBefore, before] = [arena.used, resident()];
await work(rounds);
const after = resident();
console.log(after / before);
console.log(`resident: ${before / 1024} KiB before, ${after / 1024} after`);
console.log(`the arena: ${usedBefore} bytes in blocks before, ${arena.used} after`);
