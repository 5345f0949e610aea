import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { MANY, timePerCall, WORKERS } from './pool-load.js';

const file = fileURLToPath(new URL('pool-workerpool-task.js', import.meta.url));
const pool = workerpool.pool(file, {
  minWorkers: WORKERS,
  maxWorkers: WORKERS,
  workerType: 'thread',
});
console.log(await timePerCall(() => pool.exec('add', [1, 2]), MANY.count, MANY.inFlight));
await pool.terminate();
