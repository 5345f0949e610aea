import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Resident bytes of a process, shared ones included; of this one after its garbage is collected. */
export function resident(pid = process.pid) {
  if (pid === process.pid) for (let i = 0; i < 4; i++) collect();
  const [, kibibytes] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m);
  return Number(kibibytes) * 1024;
}

/** Resident bytes that each of `count` things adds. */
export function perThing(count, make) {
  // Of its final size, with memory of its own: the list is no part of the things.
  const things = new Array(count + 1).fill(0);
  things[count] = make(count);
  const before = resident();
  for (let i = 0; i < count; i++) things[i] = make(i);
  const each = (resident() - before) / count;
  // They live until they have been measured.
  return things.length > count ? each : Number.NaN;
}
