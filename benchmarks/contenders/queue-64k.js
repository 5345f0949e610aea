import { fromOne } from './queue-run.js';

console.log(await fromOne(65_536, 10_000));
