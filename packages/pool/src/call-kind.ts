import { KIND } from './lane-layout.js';
import type { AnyCall } from './worker-functions.js';

/**
 * Calls a function in one of the ways of KIND.
 *
 * @returns what it returns; for a chunk, the list of results or a promise of it
 */
export function callKind(fn: AnyCall, list: readonly unknown[], kind: number): unknown {
  if (kind === KIND.CALL) return fn(...list);
  const results = new Array<unknown>(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = callOne(fn, list[i], kind);
    if (isThenable(value)) return callRest(fn, list, kind, results, i, value);
    results[i] = value;
  }
  return results;
}

/** Whether a task goes on after its function has returned. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

function callOne(fn: AnyCall, item: unknown, kind: number): unknown {
  return kind === KIND.MAP ? fn(item) : fn(...(item as Iterable<unknown>));
}

/** The rest of a chunk, once a call has returned a promise: one after the other. */
async function callRest(
  fn: AnyCall,
  list: readonly unknown[],
  kind: number,
  results: unknown[],
  position: number,
  first: PromiseLike<unknown>,
): Promise<unknown[]> {
  results[position] = await first;
  for (let i = position + 1; i < list.length; i++) {
    results[i] = await callOne(fn, list[i], kind);
  }
  return results;
}
