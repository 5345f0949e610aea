import { parameter } from './parameters.js';

/** Calls a pool with so many calls in flight, and tells how long one takes, in microseconds. */
export async function timePerCall(call, count, inFlight) {
  const run = async (total) => {
    let left = total;
    const start = performance.now();
    const caller = async () => {
      while (left-- > 0) await call();
    };
    await Promise.all(Array.from({ length: inFlight }, caller));
    return ((performance.now() - start) / total) * 1000;
  };
  await run(count / 4);
  return run(count);
}

/** How many workers a pool has. */
export const WORKERS = parameter('agents', 2);
