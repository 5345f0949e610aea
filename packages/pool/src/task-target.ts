import type { TargetReference } from '@multiproc/process';

/**
 * An object that is a task by its method `run`, and brings its state with it: an instance of a class
 * that is registered (`registerClass`).
 */
export interface CallableObject<Args extends readonly unknown[], Result> {
  /** Called in the worker. */
  run(...args: Args): Result;
}

/**
 * What a pool can run: a function that some module exports (a static method of an exported class, too),
 * where to find one, or a callable object.
 */
export type TaskTarget<Args extends readonly unknown[], Result> =
  | ((...args: Args) => Result)
  | TargetReference
  | CallableObject<Args, Result>;
