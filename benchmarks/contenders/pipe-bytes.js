// Microseconds for a message of so many bytes from another process.
import { Pipe } from '@multiproc/pipe';
import { Process } from '@multiproc/process';
import { parameter } from './parameters.js';
import { countFor, sendBytes } from './pipe-work.js';

const size = parameter('size', 1024);
const count = countFor(size);
const warm = Math.ceil(count / 10);
const [reader, writer] = Pipe({ duplex: false });
const [isReady, ready] = Pipe({ duplex: false });
const child = new Process({ target: sendBytes, args: [writer, ready, warm + count, size] });
child.start();
isReady.recvSync();
let start = 0;
for (let i = 0; i < warm + count; i++) {
  if (i === warm) start = performance.now();
  reader.recvBytesSync();
}
console.log(((performance.now() - start) / count) * 1e3);
await child.join();
