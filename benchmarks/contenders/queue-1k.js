import { fromOne } from './queue-run.js';

console.log(await fromOne(1_024, 100_000));
