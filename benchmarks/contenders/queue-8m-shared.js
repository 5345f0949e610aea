import { fromOne } from './queue-run.js';

console.log(await fromOne(8_388_608, 100, 'view'));
