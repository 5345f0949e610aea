/**
 * Guards a test against hanging: passes a promise on, or names what did not happen in time.
 *
 * @param milliseconds - how long it may take; generous, for it only ends what hangs
 * @param promise - what should settle
 * @param what - said in the error, for example `'the second agent gets the lock'`
 * @returns what the promise resolves to
 * @throws `Error` when the promise is still pending after that time
 *
 * @example
 * ```ts
 * import { within } from '@multiproc/testing';
 *
 * console.log(await within(1000, Promise.resolve(1), 'the answer')); // → 1
 * ```
 */
export async function within<Result>(
  milliseconds: number,
  promise: PromiseLike<Result>,
  what: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  // Made here, so that its stack shows the test and not a timer.
  const hang = new Error(`hangs: ${what} did not happen within ${milliseconds} ms`);
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(hang), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
