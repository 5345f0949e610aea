// Microseconds for a call that takes so many bytes and gives them back, 16 in flight.
import { parameter } from './parameters.js';
import { timePerCall, WORKERS } from './pool-load.js';
import { open } from './pool-open.js';

const size = parameter('size', 65_536);
const bytes = new Uint8Array(size).fill(7);
const count = Math.max(40, Math.min(20_000, Math.floor(3e8 / size)));
const pool = await open[parameter('pool', 'spawn')](WORKERS);
console.log(await timePerCall(() => pool.echo(bytes), count, 16));
await pool.close();
