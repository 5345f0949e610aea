import { Pool } from '@multiproc/pool';
import { ONE, timePerCall, WORKERS } from './pool-load.js';
import { add } from './pool-task.js';

const pool = new Pool({ processes: WORKERS, startMethod: 'spawn' });
console.log(await timePerCall(() => pool.apply(add, [1, 2]), ONE.count, ONE.inFlight));
pool.terminate();
