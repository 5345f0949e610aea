import { Pool } from '@multiproc/pool';
import { MANY, timePerCall } from './pool-load.js';
import { add } from './pool-task.js';

const pool = new Pool({ processes: 2, startMethod: 'thread' });
console.log(await timePerCall(() => pool.apply(add, [1, 2]), MANY.count, MANY.inFlight));
pool.terminate();
