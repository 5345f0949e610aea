import {
  Attachment,
  attach,
  currentFamily,
  type Handle,
  openObject,
  registerType,
} from '@multiproc/core';
import { readOptions, type SemaphoreOptions } from './options.js';
import type { Permits } from './permit-call.js';
import { MOST_PERMITS, PermitCount } from './permit-count.js';
import { SemaphoreBase } from './semaphore-base.js';

function specOf(value: number) {
  return {
    type: 'Semaphore',
    bytes: PermitCount.WORDS * 4,
    initialise: (content: number) => {
      const { words } = currentFamily().memory;
      PermitCount.initialise(words, content, value, MOST_PERMITS);
    },
  };
}

/**
 * A number of permits that threads and processes of a family share: who acquires takes one, and
 * waits while there is none; whoever releases adds one.
 *
 * Nobody owns a permit: any agent may release, also more than was acquired, and permits that an
 * agent had when it died are gone (see {@link BoundedSemaphore} and `recover`).
 *
 * Fairness: whoever is awake may take a free permit first, which is fast. A call that has waited
 * for 2 ms reserves, so that it gets what is given back next, and a call for many permits gets
 * them although others always want one. When there are not enough for it within 200 ms, all others
 * go first for as long, then it reserves for 400 ms, and so on, up to 51 s. Awaiting calls of one
 * agent for equally many permits succeed in the order in which they were made.
 *
 * Python counterpart: `multiprocessing.Semaphore`. Differences: `acquire` gives a hold instead of
 * `True` and `null` instead of `False`; several permits can be acquired and released at once.
 *
 * @example
 * ```ts
 * import { Semaphore } from '@multiproc/semaphore';
 *
 * const semaphore = new Semaphore({ value: 2 });
 * const sum = await semaphore.runExclusive(() => 1 + 1);
 * console.log(sum, semaphore.getValue()); // → 2 2
 * ```
 */
export class Semaphore extends SemaphoreBase {
  static {
    registerType({ name: 'Semaphore', shared: Semaphore, module: import.meta.url });
  }

  /**
   * Makes a semaphore, or finds the one with the name.
   *
   * @param options - `value` (1): permits at first; `name`, to share the semaphore without sending
   *   it. A number is the value
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   *   ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: SemaphoreOptions | number);
  /** @internal */
  constructor(options: SemaphoreOptions | number | Attachment);
  constructor(options: SemaphoreOptions | number | Attachment = {}) {
    if (options instanceof Attachment) {
      super(specOf(0), options);
      return;
    }
    const given = readOptions(options, MOST_PERMITS);
    const spec = specOf(given.value);
    const source = openObject(spec, given);
    if (source instanceof Semaphore) return source;
    super(spec, source);
  }

  /**
   * The semaphore that a handle names.
   *
   * @param handle - `handle` of a Semaphore of this family
   * @returns the same object for the same semaphore
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its semaphore is gone
   */
  static from(handle: Handle): Semaphore {
    return attach(handle, 'Semaphore') as Semaphore;
  }

  /** @internal */
  protected override openPermits(): Permits {
    return new PermitCount(this.family.memory, this.content, this.family.agent);
  }
}
