/** Between two looks, in milliseconds. */
const PAUSE = 10;

/**
 * Waits for a fact that nobody announces, such as a process leaving the process table. What is
 * announced (a word in shared memory, a line, an exit) is waited for, not polled.
 *
 * @param holds - the fact
 * @param milliseconds - how long it may take
 * @param what - said in the error
 * @throws `Error` when it does not hold after that time
 *
 * @example
 * ```ts
 * import { eventually } from '@multiproc/testing';
 *
 * await eventually(() => !isRunning(pid), 2000, 'the orphan is gone');
 * ```
 */
export async function eventually(
  holds: () => boolean | PromiseLike<boolean>,
  milliseconds: number,
  what: string,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`not within ${milliseconds} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
