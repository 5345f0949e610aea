import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from './eventually.js';

/** How long finalizers may take, in milliseconds. */
const GUARD = 20_000;

let gc: (() => void) | undefined;

/** Frees what nobody refers to. Its finalizers run in a later turn of the event loop. */
export function collectGarbage(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
}

/**
 * Collects garbage until something is so because of it.
 *
 * @param isDone - looked at after each collection
 * @param what - said in the error
 * @throws `Error` when it is never so
 *
 * @example
 * ```ts
 * import { untilCollected } from '@multiproc/testing';
 *
 * const lost = new WeakRef(makeOne());
 * await untilCollected(() => lost.deref() === undefined, 'it is collected');
 * ```
 */
export function untilCollected(isDone: () => boolean, what: string): Promise<void> {
  const look = () => {
    collectGarbage();
    return isDone();
  };
  return eventually(look, GUARD, what);
}
