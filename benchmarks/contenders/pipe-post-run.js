import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Receives from a worker what it posts, with at most `window` messages on their way. */
export function receivePosted(url, { size, count, window }) {
  if (!isMainThread) return post(workerData, parentPort);
  const warm = Math.ceil(count / 10);
  const worker = new Worker(url, { workerData: { size, total: warm + count, window } });
  let [seen, start] = [0, 0];
  worker.on('message', () => {
    if (seen++ === warm) start = performance.now();
    if (seen % (window / 2) === 0) worker.postMessage(window / 2);
    if (seen < warm + count) return;
    console.log(((performance.now() - start) / count) * (size ? 1e3 : 1e6));
    worker.terminate();
  });
}

function post({ size, total, window }, port) {
  const bytes = new Uint8Array(size).fill(7);
  let [sent, room] = [0, window];
  const pump = () => {
    for (; room > 0 && sent < total; room--, sent++) port.postMessage(size ? bytes : sent & 127);
  };
  port.on('message', (more) => {
    room += more;
    pump();
  });
  pump();
}
