import { Event } from '@multiproc/event';
import { Process } from '@multiproc/process';
import { answerAsync, ROUNDS } from './event-work.js';

const [ping, pong] = [new Event(), new Event()];
const child = new Process({ target: answerAsync, args: [ping, pong] });
child.start();
const WARM = 1_000;
let start = 0;
for (let round = 0; round < ROUNDS; round++) {
  if (round === WARM) start = performance.now();
  ping.set();
  await pong.wait();
  pong.clear();
}
console.log(((performance.now() - start) / (ROUNDS - WARM) / 2) * 1e3);
await child.join();
