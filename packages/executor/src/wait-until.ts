import type { WaitOptions } from '@multiproc/core';

/** Node fires timers with longer delays at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Waits for something that is announced.
 *
 * @param isOver - whether it has come
 * @param listen - has its argument called whenever it may have come, until what it returns is called
 * @param options - checked
 * @returns `false` after the time-out
 * @throws the signal's reason
 */
export async function waitUntil(
  isOver: () => boolean,
  listen: (look: () => void) => () => void,
  { timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions,
): Promise<boolean> {
  if (isOver()) return true;
  signal?.throwIfAborted();
  if (timeout <= 0) return false;
  return new Promise((resolve, reject) => {
    const finish = () => {
      stop();
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      if (isOver() || !signal?.aborted) resolve(isOver());
      else reject(signal.reason);
    };
    const stop = listen(() => {
      if (isOver()) finish();
    });
    const timer = timeout < LONGEST_TIMER ? setTimeout(finish, Math.ceil(timeout)) : undefined;
    signal?.addEventListener('abort', finish);
  });
}

/** A time-out that counts from now, for several waits. `left()` is what remains, in milliseconds. */
export function deadline(timeout = Number.POSITIVE_INFINITY): { left(): number } {
  const end = performance.now() + timeout;
  return { left: () => end - performance.now() };
}
