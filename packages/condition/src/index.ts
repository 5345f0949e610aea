/**
 * `Condition` and `Barrier` from Python's `multiprocessing`, shared by threads and processes.
 *
 * @packageDocumentation
 */
export { Barrier } from './barrier.js';
export type { BarrierOptions } from './barrier-options.js';
export { Condition, type ConditionOptions } from './condition.js';
export { BrokenBarrierError } from './errors.js';
