import { Tinypool } from 'tinypool';
import { MANY, timePerCall, WORKERS } from './pool-load.js';

const filename = new URL('pool-task.js', import.meta.url).href;
const pool = new Tinypool({ filename, minThreads: WORKERS, maxThreads: WORKERS });
console.log(await timePerCall(() => pool.run({ a: 1, b: 2 }), MANY.count, MANY.inFlight));
await pool.destroy();
