import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import { MANY, timePerCall, WORKERS } from './pool-load.js';

const file = fileURLToPath(new URL('pool-poolifier-task.js', import.meta.url));
const pool = new FixedThreadPool(WORKERS, file);
console.log(await timePerCall(() => pool.execute({ a: 1, b: 2 }), MANY.count, MANY.inFlight));
await pool.destroy();
