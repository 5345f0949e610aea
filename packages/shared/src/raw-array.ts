import { Attachment, attach, type Handle, type NameOptions, registerType } from '@multiproc/core';
import { withoutLock } from './options.js';
import { type ArrayInit, SharedArray } from './shared-array.js';
import type { TypeCode } from './typecodes.js';

/**
 * A {@link SharedArray} without a lock. What has to do with the lock throws `NoLockError`.
 *
 * Python counterpart: `multiprocessing.sharedctypes.RawArray`.
 *
 * @typeParam Code - what its elements are
 *
 * @example
 * ```ts
 * import { RawArray } from '@multiproc/shared';
 *
 * const counters = new RawArray('i', 4);
 * Atomics.add(counters.data, 2, 1);
 * console.log([...counters]); // → [ 0, 0, 1, 0 ]
 * ```
 */
export class RawArray<Code extends TypeCode = TypeCode> extends SharedArray<Code> {
  /** @internal */
  static override readonly type = 'RawArray';
  static {
    registerType({ name: 'RawArray', shared: RawArray, module: import.meta.url });
  }

  /**
   * Makes an array without a lock, or finds the one with the name.
   *
   * @param typecode - what its elements are: a typecode of Python's, or a name like `f64`
   * @param sizeOrValues - how many elements, all 0; or the elements; or a text for `c` and `u`
   * @param options - `name`, to share the array without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   *   ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(typecode: Code, sizeOrValues: ArrayInit<Code>, options?: NameOptions);
  /** @internal */
  constructor(typecode: Code | Attachment, sizeOrValues?: ArrayInit<Code>, options?: NameOptions);
  constructor(
    typecode: Code | Attachment,
    sizeOrValues?: ArrayInit<Code>,
    options: NameOptions = {},
  ) {
    super(typecode, sizeOrValues, typecode instanceof Attachment ? {} : withoutLock(options));
  }

  /**
   * The array that a handle names.
   *
   * @param handle - `handle` of a RawArray of this family
   * @returns the same object for the same array
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its array is gone
   */
  static override from<Code extends TypeCode = TypeCode>(handle: Handle): RawArray<Code> {
    return attach(handle, RawArray.type) as RawArray<Code>;
  }
}
