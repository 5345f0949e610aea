// Microseconds from a set to the wake-up, and as long for the answers of so many processes.
import { Event } from '@multiproc/event';
import { Process } from '@multiproc/process';
import { answer, answerAsync, ROUNDS } from './event-work.js';
import { parameter } from './parameters.js';

const WARM = 500;
const isAwaiting = parameter('form', 'blocking') === 'awaiting';
const pings = [new Event(), new Event()];
const pongs = Array.from({ length: parameter('agents', 1) }, () => new Event());
const target = isAwaiting ? answerAsync : answer;
const children = pongs.map((pong) => new Process({ target, args: [pings, pong] }));
for (const child of children) child.start();
let start = 0;
for (let round = 0; round < ROUNDS; round++) {
  if (round === WARM) start = performance.now();
  const ping = pings[round & 1];
  ping.set();
  for (const pong of pongs) {
    if (isAwaiting) await pong.wait();
    else pong.waitSync();
    pong.clear();
  }
  ping.clear();
}
console.log(((performance.now() - start) / (ROUNDS - WARM) / 2) * 1e3);
for (const child of children) await child.join();
