import { AsyncLocalStorage } from 'node:async_hooks';

/** Stands for one asynchronous flow: everything that is called from one `runExclusive`. */
export class Flow {
  /** The flow that it was begun in: what that owns, this one may take again. */
  readonly outer: Flow | undefined;

  /** @param outer - the flow that it is begun in */
  constructor(outer: Flow | undefined) {
    this.outer = outer;
  }
}

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
