import { Pool } from '@multiproc/pool';
import { MANY, timePerCall, WORKERS } from './pool-load.js';
import { add } from './pool-task.js';

const pool = new Pool({ processes: WORKERS, startMethod: 'thread' });
console.log(await timePerCall(() => pool.apply(add, [1, 2]), MANY.count, MANY.inFlight));
pool.terminate();
