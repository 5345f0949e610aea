import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { MANY, timePerCall, WORKERS } from './pool-load.js';

const filename = fileURLToPath(new URL('pool-task.js', import.meta.url));
const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS });
console.log(await timePerCall(() => pool.run({ a: 1, b: 2 }), MANY.count, MANY.inFlight));
await pool.destroy();
