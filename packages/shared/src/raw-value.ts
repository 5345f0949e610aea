import { Attachment, attach, type Handle, type NameOptions, registerType } from '@multiproc/core';
import { withoutLock } from './options.js';
import type { ScalarInput, TypeCode } from './typecodes.js';
import { Value } from './value.js';

/**
 * A {@link Value} without a lock. What has to do with the lock throws `NoLockError`.
 *
 * Python counterpart: `multiprocessing.sharedctypes.RawValue`.
 *
 * @typeParam Code - what the value is
 *
 * @example
 * ```ts
 * import { RawValue } from '@multiproc/shared';
 *
 * const ratio = new RawValue('d', 0.5);
 * ratio.value *= 3;
 * console.log(ratio.value); // → 1.5
 * ```
 */
export class RawValue<Code extends TypeCode = TypeCode> extends Value<Code> {
  /** @internal */
  static override readonly type = 'RawValue';
  static {
    registerType({ name: 'RawValue', shared: RawValue, module: import.meta.url });
  }

  /**
   * Makes a value without a lock, or finds the one with the name.
   *
   * @param typecode - what it is: a typecode of Python's, or a name like `f64`
   * @param value - what it is at first; 0 when left out
   * @param options - `name`, to share the value without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   *   ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(typecode: Code, value?: ScalarInput<Code>, options?: NameOptions);
  /** @internal */
  constructor(typecode: Code | Attachment, value?: ScalarInput<Code>, options?: NameOptions);
  constructor(typecode: Code | Attachment, value?: ScalarInput<Code>, options: NameOptions = {}) {
    super(typecode, value, typecode instanceof Attachment ? {} : withoutLock(options));
  }

  /**
   * The value that a handle names.
   *
   * @param handle - `handle` of a RawValue of this family
   * @returns the same object for the same value
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its value is gone
   */
  static override from<Code extends TypeCode = TypeCode>(handle: Handle): RawValue<Code> {
    return attach(handle, RawValue.type) as RawValue<Code>;
  }
}
