import { ProcessPoolExecutor } from '@multiproc/executor';
import { MANY, timePerCall, WORKERS } from './pool-load.js';
import { add } from './pool-task.js';

const executor = new ProcessPoolExecutor({ maxWorkers: WORKERS });
console.log(await timePerCall(() => executor.submit(add, 1, 2), MANY.count, MANY.inFlight));
await executor.shutdown();
