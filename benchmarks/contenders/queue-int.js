import { fromOne } from './queue-run.js';

console.log(await fromOne('int', 500_000));
