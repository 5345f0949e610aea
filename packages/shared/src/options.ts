import { checkOptions, type NameOptions } from '@multiproc/core';
import type { Lock, RLock } from '@multiproc/lock';

/** Options of `Value` and `SharedArray`. */
export interface LockOptions extends NameOptions {
  /**
   * `true`, or left out: an `RLock` of its own. A lock: that one. `false`: none, as for the raw
   * forms.
   */
  lock?: Lock | RLock | boolean | undefined;
}

/** The same options for an object without a lock. */
export function withoutLock(options: NameOptions): LockOptions {
  checkOptions(options);
  return { ...options, lock: false };
}
