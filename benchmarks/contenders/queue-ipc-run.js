import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeItem } from './queue-work.js';

/** Receives what a forked process sends over its IPC channel; prints µs for each. */
export function receiveSent(url, kind, count) {
  const warm = Math.ceil(count / 10);
  if (process.send) {
    const make = makeItem(kind);
    let sent = 0;
    const pump = () => {
      for (let i = 0; i < 1000 && sent < warm + count; i++) process.send(make(sent++));
      if (sent < warm + count) setImmediate(pump);
    };
    pump();
    return;
  }
  const child = fork(fileURLToPath(url), { serialization: 'advanced' });
  let [seen, start] = [0, 0];
  child.on('message', () => {
    if (seen++ === warm) start = performance.now();
    if (seen < warm + count) return;
    console.log(((performance.now() - start) / count) * 1e3);
    child.kill();
  });
}
