import { fromFour } from './queue-run.js';

console.log(await fromFour('int', 800_000));
