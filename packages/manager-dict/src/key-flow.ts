import { AsyncLocalStorage } from 'node:async_hooks';
import type { Key } from './key.js';

/** A key whose value an asynchronous flow computes, and what it computed when it began with that. */
interface Computing {
  readonly dict: object;
  readonly key: Key;
  readonly outer: Computing | undefined;
}

let flows: AsyncLocalStorage<Computing> | undefined;
let blocking: Computing | undefined;

/** Whether the caller is called from a function that computes the value of this key. */
export function isComputing(dict: object, key: Key): boolean {
  return isIn(blocking, dict, key) || isIn(flows?.getStore(), dict, key);
}

function isIn(start: Computing | undefined, dict: object, key: Key): boolean {
  for (let at = start; at; at = at.outer) {
    if (at.dict === dict && at.key.is(key)) return true;
  }
  return false;
}

/** Calls a function that computes a value; everything that it calls and awaits counts as its. */
export function computeInFlow<Result>(dict: object, key: Key, fn: () => Result): Result {
  // Made lazily, because tracking flows costs every promise.
  flows ??= new AsyncLocalStorage();
  return flows.run({ dict, key, outer: flows.getStore() }, fn);
}

/** The same for a function that is not asynchronous. */
export function computeBlocking<Result>(dict: object, key: Key, fn: () => Result): Result {
  const outer = blocking;
  blocking = { dict, key, outer };
  try {
    return fn();
  } finally {
    blocking = outer;
  }
}
