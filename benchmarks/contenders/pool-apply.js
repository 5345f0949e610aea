// Microseconds for a call that adds two numbers, with so many in flight.
import { parameter } from './parameters.js';
import { timePerCall, WORKERS } from './pool-load.js';
import { open } from './pool-open.js';

const inFlight = parameter('inFlight', 500);
const pool = await open[parameter('pool', 'spawn')](WORKERS);
const count = Math.min(60_000, 8000 * inFlight);
console.log(await timePerCall(() => pool.add(1, 2), count, inFlight));
await pool.close();
