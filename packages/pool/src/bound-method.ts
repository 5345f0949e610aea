import { ArgumentTypeError, registerClass } from '@multiproc/core';
import type { CallableObject } from './task-target.js';

/** A method together with its object. Made by {@link methodOf}. */
export class BoundMethod implements CallableObject<unknown[], unknown> {
  /** What the method is called on. */
  readonly object: unknown;
  /** Its name. */
  readonly method: string;

  /** @internal */
  constructor(object: unknown, method: string) {
    this.object = object;
    this.method = method;
  }

  /** Calls the method. */
  run(...args: unknown[]): unknown {
    const { object, method } = this;
    return (object as Record<string, (...args: unknown[]) => unknown>)[method]?.(...args);
  }
}

registerClass(BoundMethod);

/** The names of an object's methods. */
type MethodName<T> = {
  [Name in keyof T]: T[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof T] &
  string;

/**
 * Makes a task of a method: the object travels with each call, and the worker calls the method of its copy.
 * The class must be registered (`registerClass`).
 *
 * Python counterpart: a bound method, `pool.apply(job.scale, …)`. In JavaScript `job.scale` has lost its object.
 *
 * @param object - an instance of a registered class
 * @param method - name of the method
 * @returns what a pool takes as a task
 * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when there is no such method
 *
 * @example
 * ```ts
 * import { methodOf } from '@multiproc/pool';
 *
 * console.log(methodOf(new Map([['a', 1]]), 'get').run('a')); // → 1
 * ```
 */
export function methodOf<T extends object, Name extends MethodName<T>>(
  object: T,
  method: Name,
): T[Name] extends (...args: infer Args) => infer Result ? CallableObject<Args, Result> : never {
  if (typeof object[method] !== 'function') {
    throw new ArgumentTypeError('method', 'the name of a method', method);
  }
  return new BoundMethod(object, method) as never;
}
