import { parameter } from './parameters.js';

/** How large the arrays are that are copied, in bytes. */
export const size = parameter('size', 8_388_608);

/** How often, after a tenth of that to warm up. */
export const rounds = Math.max(20, Math.min(10_000, 10 * Math.floor(8e7 / size)));
export const warm = rounds / 10;

export const bytes = new Uint8Array(size).fill(7);
