import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { boundOf, makeItem } from './queue-work.js';

/** Receives what a worker posts; prints µs for each. */
export function receivePosted(url, kind, count) {
  if (!isMainThread) {
    const make = makeItem(workerData.kind);
    const { window } = workerData;
    let [sent, room] = [0, window];
    const pump = () => {
      for (; room > 0 && sent < workerData.total; room--) parentPort.postMessage(make(sent++));
    };
    parentPort.on('message', (more) => {
      room += more;
      pump();
    });
    pump();
    return;
  }
  const warm = Math.ceil(count / 10);
  const window = boundOf(kind) || 4096;
  const worker = new Worker(url, { workerData: { kind, total: warm + count, window } });
  let [seen, start] = [0, 0];
  worker.on('message', () => {
    if (seen++ === warm) start = performance.now();
    if (seen % (window / 2) === 0) worker.postMessage(window / 2);
    if (seen < warm + count) return;
    console.log(((performance.now() - start) / count) * 1e3);
    void worker.terminate();
  });
}
