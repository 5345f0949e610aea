import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { MANY, timePerCall } from './pool-load.js';

const file = fileURLToPath(new URL('pool-workerpool-task.js', import.meta.url));
const pool = workerpool.pool(file, { minWorkers: 2, maxWorkers: 2, workerType: 'thread' });
console.log(await timePerCall(() => pool.exec('add', [1, 2]), MANY.count, MANY.inFlight));
await pool.terminate();
