import { AsyncLocalStorage } from 'node:async_hooks';

/** Stands for one asynchronous flow: everything that is called from one `runExclusive`. */
export class Flow {}

let flows: AsyncLocalStorage<Flow> | undefined;

/** The flow that calls, `undefined` outside every `runExclusive`. */
export function currentFlow(): Flow | undefined {
  return flows?.getStore();
}

/** Calls a function as part of a flow; made lazily, because tracking flows costs every promise. */
export function runInFlow<Result>(flow: Flow, fn: () => Result): Result {
  flows ??= new AsyncLocalStorage();
  return flows.run(flow, fn);
}
