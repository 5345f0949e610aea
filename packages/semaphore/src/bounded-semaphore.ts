import {
  ArgumentTypeError,
  Attachment,
  attach,
  currentFamily,
  type Handle,
  type ObjectSpec,
  openObject,
  registerType,
} from '@multiproc/core';
import { type BoundedSemaphoreOptions, readOptions } from './options.js';
import { MOST_OWNED, OwnedPermits } from './owned-permits.js';
import type { Permits } from './permit-call.js';
import { MOST_PERMITS, PermitCount } from './permit-count.js';
import { SemaphoreBase } from './semaphore-base.js';

/** Where the words of a recoverable semaphore begin: after those that every bounded one has. */
const OWNED = PermitCount.WORDS;

const BYTES = (OWNED + OwnedPermits.WORDS) * 4;

/** The count of a recoverable one only tells the bound; its permits are the data, one word each. */
function specOf(value: number, recover: boolean): ObjectSpec {
  return {
    type: 'BoundedSemaphore',
    bytes: recover ? BYTES : PermitCount.WORDS * 4,
    ...(recover ? { data: value * 4 } : {}),
    initialise: (content) => {
      const { words } = currentFamily().memory;
      PermitCount.initialise(words, content, value, value);
    },
  };
}

/**
 * A {@link Semaphore} that never has more permits than it began with: releasing too often throws
 * and changes nothing.
 *
 * With `recover: true` a permit belongs to the agent that acquired it. It comes back when that
 * agent dies or ends, each once, within about 100 ms; and no other agent may release it.
 * Each permit then has a word of its own, so there are 1024 at the most, and acquiring takes time
 * in proportion to their number.
 *
 * Python counterpart: `multiprocessing.BoundedSemaphore`. Differences: as for {@link Semaphore};
 * releasing too often throws `SemaphoreReleasedTooOftenError` on every platform; `recover`.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from '@multiproc/semaphore';
 *
 * const connections = new BoundedSemaphore({ value: 4, recover: true });
 * const hold = await connections.acquire({ permits: 3 });
 * console.log(connections.getValue()); // → 1
 * hold.release();
 * console.log(connections.getValue()); // → 4
 * ```
 */
export class BoundedSemaphore extends SemaphoreBase {
  static {
    registerType({
      name: 'BoundedSemaphore',
      shared: BoundedSemaphore,
      module: import.meta.url,
    });
  }

  /**
   * Makes a semaphore, or finds the one with the name.
   *
   * @param options - `value` (1): permits at first and at the most; `recover` (`false`); `name`, to
   *   share the semaphore without sending it. A number is the value
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   *   ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: BoundedSemaphoreOptions | number);
  /** @internal */
  constructor(options: BoundedSemaphoreOptions | number | Attachment);
  constructor(options: BoundedSemaphoreOptions | number | Attachment = {}) {
    if (options instanceof Attachment) {
      super(specOf(0, false), options);
      return;
    }
    const recover = (typeof options === 'object' && options?.recover) ?? false;
    if (typeof recover !== 'boolean') {
      throw new ArgumentTypeError('options.recover', 'a boolean', recover);
    }
    const given = readOptions(options, recover ? MOST_OWNED : MOST_PERMITS);
    const spec = specOf(given.value, recover);
    const source = openObject(spec, given);
    if (source instanceof BoundedSemaphore) return source;
    super(spec, source);
  }

  /**
   * The semaphore that a handle names.
   *
   * @param handle - `handle` of a BoundedSemaphore of this family
   * @returns the same object for the same semaphore
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its semaphore is gone
   */
  static from(handle: Handle): BoundedSemaphore {
    return attach(handle, 'BoundedSemaphore') as BoundedSemaphore;
  }

  /** @internal */
  protected override openPermits(): Permits {
    const { memory, agent } = this.family;
    const counted = new PermitCount(memory, this.content, agent);
    if (this.dataOffset === 0) return counted;
    const index = this.content + OWNED;
    return new OwnedPermits(memory, index, this.dataOffset / 4, counted.bound, agent);
  }
}
