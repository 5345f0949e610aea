import { Pool } from '@multiproc/pool';
import { square } from './pool-task.js';

const COUNT = 50000;
const items = Array.from({ length: COUNT }, (_, i) => i);
const pool = new Pool({ processes: 2, startMethod: 'spawn' });
const times = [];
for (let round = 0; round < 4; round++) {
  const start = performance.now();
  await pool.map(square, items, { chunksize: 1 });
  times.push(((performance.now() - start) / COUNT) * 1e6);
}
console.log(Math.min(...times.slice(1)));
pool.terminate();
