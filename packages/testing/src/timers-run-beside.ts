/** How often the timer has to fire. */
const TIMES = 5;

/** How long that may take in all, in milliseconds; it only ends what starves the timer. */
const GUARD = 20_000;

/**
 * Whether timers get their turn while something is awaited again and again that never has to wait.
 *
 * @param step - what is awaited
 * @returns `true` once a timer of one millisecond has fired some times, `false` when it never does
 *
 * @example
 * ```ts
 * import { timersRunBeside } from '@multiproc/testing';
 *
 * console.log(await timersRunBeside(() => new Promise(setImmediate))); // → true
 * ```
 */
export async function timersRunBeside(step: () => unknown): Promise<boolean> {
  let fired = 0;
  const timer = setInterval(() => fired++, 1);
  const end = performance.now() + GUARD;
  try {
    while (fired < TIMES && performance.now() < end) await step();
  } finally {
    clearInterval(timer);
  }
  return fired >= TIMES;
}
