import { fromOne } from './queue-run.js';

console.log(await fromOne('object', 300_000));
