// Nanoseconds for a small number that one of so many processes sends, all on one end.
import { Pipe } from '@multiproc/pipe';
import { Process } from '@multiproc/process';
import { parameter } from './parameters.js';
import { sendNumbers } from './pipe-work.js';

const COUNT = 1_000_000;
const WARM = 50_000;
const agents = parameter('agents', 1);

const [reader, writer] = Pipe({ duplex: false });
const [isReady, ready] = Pipe({ duplex: false });
const args = [writer, ready, COUNT / agents];
const children = Array.from({ length: agents }, () => new Process({ target: sendNumbers, args }));
for (const child of children) child.start();
for (const _ of children) isReady.recvSync();
let start = 0;
for (let i = 0; i < COUNT; i++) {
  if (i === WARM) start = performance.now();
  reader.recvSync();
}
console.log(((performance.now() - start) / (COUNT - WARM)) * 1e6);
for (const child of children) await child.join();
