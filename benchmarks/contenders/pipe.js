import { Pipe } from '@multiproc/pipe';
import { Process } from '@multiproc/process';
import { sendNumbers } from './pipe-work.js';

const COUNT = 1_000_000;
const WARM = 50_000;

const [reader, writer] = Pipe({ duplex: false });
const [isReady, ready] = Pipe({ duplex: false });
const child = new Process({ target: sendNumbers, args: [writer, ready, COUNT] });
child.start();
isReady.recvSync();
let start = 0;
for (let i = 0; i < COUNT; i++) {
  if (i === WARM) start = performance.now();
  reader.recvSync();
}
console.log(((performance.now() - start) / (COUNT - WARM)) * 1e6);
await child.join();
