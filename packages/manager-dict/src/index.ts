/**
 * `ManagerDict`: a dictionary in shared memory, in place of Python's `Manager().dict()`.
 *
 * @packageDocumentation
 */
export { KeyNotFoundError } from './errors.js';
export type { DictKey } from './key.js';
export { ManagerDict, type ManagerDictOptions } from './manager-dict.js';
