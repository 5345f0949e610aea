// Microseconds for an item that a forked process sends over its IPC channel.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeItem, wantedKind, warmUpOf } from './queue-work.js';

const kind = wantedKind();
const count = Number(kind) > 10_000 ? Math.max(20, Math.floor(1e8 / kind)) : 30_000;
const warm = warmUpOf(count);

if (process.send) send();
else receive();

function send() {
  const make = makeItem(kind);
  const batch = Number(kind) > 10_000 ? 4 : 1000;
  let sent = 0;
  const pump = () => {
    for (let i = 0; i < batch && sent < warm + count; i++) process.send(make(sent++));
    if (sent < warm + count) setImmediate(pump);
  };
  pump();
}

function receive() {
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    serialization: 'advanced',
  });
  let [seen, start] = [0, 0];
  child.on('message', () => {
    if (++seen === warm) start = performance.now();
    if (seen < warm + count) return;
    console.log(((performance.now() - start) / count) * 1e3);
    child.kill();
  });
}
