// Nanoseconds an element of a map.
import { Pool } from '@multiproc/pool';
import { parameter } from './parameters.js';
import { WORKERS } from './pool-load.js';
import { square } from './pool-task.js';

const chunksize = parameter('chunksize', 0) || undefined;
const items = Array.from(
  { length: parameter('items', chunksize ? 30_000 : 1_000_000) },
  (_, i) => i,
);
const calls = Math.max(1, Math.floor(50_000 / items.length));
const pool = new Pool({ processes: WORKERS, startMethod: parameter('startMethod', 'spawn') });

async function run(times) {
  const start = performance.now();
  for (let call = 0; call < times; call++) await pool.map(square, items, { chunksize });
  return ((performance.now() - start) / items.length / times) * 1e6;
}

await run(calls);
console.log(await run(3 * calls));
pool.terminate();
