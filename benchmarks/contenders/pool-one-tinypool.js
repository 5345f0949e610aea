import { Tinypool } from 'tinypool';
import { ONE, timePerCall, WORKERS } from './pool-load.js';

const filename = new URL('pool-task.js', import.meta.url).href;
const pool = new Tinypool({ filename, minThreads: WORKERS, maxThreads: WORKERS });
console.log(await timePerCall(() => pool.run({ a: 1, b: 2 }), ONE.count, ONE.inFlight));
await pool.destroy();
