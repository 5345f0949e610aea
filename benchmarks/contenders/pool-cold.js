// Milliseconds from loading the library to the results of as many calls as there are workers.
import { parameter } from './parameters.js';
import { WORKERS } from './pool-load.js';
import { open } from './pool-open.js';

const start = performance.now();
const pool = await open[parameter('pool', 'spawn')](WORKERS);
await Promise.all(Array.from({ length: WORKERS }, () => pool.echo(1)));
console.log(performance.now() - start);
await pool.close();
