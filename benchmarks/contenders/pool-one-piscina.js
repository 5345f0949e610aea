import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { ONE, timePerCall, WORKERS } from './pool-load.js';

const filename = fileURLToPath(new URL('pool-task.js', import.meta.url));
const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS });
console.log(await timePerCall(() => pool.run({ a: 1, b: 2 }), ONE.count, ONE.inFlight));
await pool.destroy();
