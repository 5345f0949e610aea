import { Pipe } from '@multiproc/pipe';
import { Process } from '@multiproc/process';
import { sendBytes } from './pipe-work.js';

/** Receives `count` messages of `size` bytes from another process; prints µs for each. */
export async function receiveBytes(size, count) {
  const [reader, writer] = Pipe({ duplex: false });
  const [isReady, ready] = Pipe({ duplex: false });
  const warm = Math.ceil(count / 10);
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
}
