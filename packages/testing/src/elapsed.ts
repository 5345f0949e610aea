/**
 * Measures how long something takes. Compare with lower bounds only: a busy machine is slow.
 *
 * @param run - blocking or async function
 * @returns what it returned, and the time in milliseconds
 *
 * @example
 * ```ts
 * import { elapsed } from '@multiproc/testing';
 *
 * const { result, milliseconds } = await elapsed(() => 1 + 1);
 * console.log(result, milliseconds >= 0); // → 2 true
 * ```
 */
export async function elapsed<Result>(
  run: () => Result | PromiseLike<Result>,
): Promise<{ result: Result; milliseconds: number }> {
  const started = performance.now();
  const result = await run();
  return { result, milliseconds: performance.now() - started };
}
