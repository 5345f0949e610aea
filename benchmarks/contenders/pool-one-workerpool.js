import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { ONE, timePerCall, WORKERS } from './pool-load.js';

const file = fileURLToPath(new URL('pool-workerpool-task.js', import.meta.url));
const pool = workerpool.pool(file, {
  minWorkers: WORKERS,
  maxWorkers: WORKERS,
  workerType: 'thread',
});
console.log(await timePerCall(() => pool.exec('add', [1, 2]), ONE.count, ONE.inFlight));
await pool.terminate();
