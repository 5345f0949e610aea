/**
 * Values, arrays and blocks of bytes in shared memory: Python's `multiprocessing.Value`, `Array`,
 * `sharedctypes` and `shared_memory`, for threads and processes.
 *
 * @packageDocumentation
 */
export { NameExistsError, NameNotFoundError, NoLockError } from './errors.js';
export type { LockOptions } from './options.js';
export { RawArray } from './raw-array.js';
export { RawValue } from './raw-value.js';
export { ShareableList } from './shareable-list.js';
export { type ArrayInit, SharedArray } from './shared-array.js';
export { SharedMemory, type SharedMemoryOptions } from './shared-memory.js';
export type { Shareable } from './slots.js';
export type {
  DataOf,
  ElementInput,
  ElementOf,
  KindArrays,
  KindName,
  KindOf,
  ScalarInput,
  ScalarOf,
  TextInput,
  TextOf,
  TypeCode,
} from './typecodes.js';
export { Value } from './value.js';
