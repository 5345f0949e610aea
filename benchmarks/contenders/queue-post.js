// Microseconds for an item that a worker posts, with a window that bounds what is on its way.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { parameter } from './parameters.js';
import { boundOf, countFor, makeItem, wantedKind, warmUpOf } from './queue-work.js';

if (isMainThread) receive();
else post(workerData, parentPort);

function receive() {
  const kind = wantedKind();
  const count = countFor(kind);
  const warm = warmUpOf(count);
  const window = boundOf(kind) || 4096;
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { kind, total: warm + count, window },
  });
  let [seen, start] = [0, 0];
  worker.on('message', () => {
    if (++seen === warm) start = performance.now();
    if (seen % (window / 2) === 0) worker.postMessage(window / 2);
    if (seen < warm + count) return;
    console.log(((performance.now() - start) / count) * 1e3 * parameter('scale', 1));
    void worker.terminate();
  });
}

function post({ kind, total, window }, port) {
  const make = makeItem(kind);
  let [sent, room] = [0, window];
  const pump = () => {
    for (; room > 0 && sent < total; room--) port.postMessage(make(sent++));
  };
  port.on('message', (more) => {
    room += more;
    pump();
  });
  pump();
}
