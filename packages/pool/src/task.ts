import { currentFamily, freePayload } from '@multiproc/core';
import { clock } from './clock.js';
import type { PoolFunction } from './pool-function.js';
import type { PoolWorker } from './pool-worker.js';
import type { StoredValue } from './stored-value.js';

/** Who wants the result of a task. */
export interface TaskSink {
  /** Called once, unless {@link reject} is. */
  resolve(value: unknown): void;
  /** Called once, unless {@link resolve} is. */
  reject(error: unknown): void;
}

/** What a task is besides its function and arguments. */
export interface TaskTraits {
  /** Higher ones are begun first. */
  readonly priority: number;
  /** Tasks of the same key run on the same worker. */
  readonly affinity: string | number | undefined;
  /** How often it may be run again when its worker dies. */
  readonly retries: number;
  readonly onProgress: ((value: unknown) => void) | undefined;
  /** The only worker that may run it. */
  readonly worker: PoolWorker | undefined;
}

/** A task without anything special. */
export const PLAIN: TaskTraits = {
  priority: 0,
  affinity: undefined,
  retries: 0,
  onProgress: undefined,
  worker: undefined,
};

/**
 * One task, on the owner's side.
 *
 * | worker | isSettled | where it is |
 * | --- | --- | --- |
 * | undefined | false | waits in a queue of this thread, with its arguments in `waiting` or `payload` |
 * | set | false | in a slot of that worker's lane |
 * | set | true | was given up, and still runs |
 * | undefined | true | over |
 */
export class Task {
  readonly fn: PoolFunction;
  /** See KIND. */
  readonly kind: number;
  readonly traits: TaskTraits;
  /** When it was submitted, as `clock()` tells it. */
  readonly submitted = clock();
  /** Whether its arguments name modules. */
  hasModules = false;
  worker: PoolWorker | undefined;
  slot = -1;
  ticket = 0;
  retries: number;
  waiting: StoredValue | undefined;
  /** Arguments that wait in the arena, 0: they do not. */
  payload = 0;
  isSettled = false;
  /** Called when it is settled, whatever the outcome: ends time-outs and listeners. */
  onSettled: (() => void) | undefined;
  readonly #sink: TaskSink;

  /**
   * @param fn - what it calls
   * @param kind - see KIND
   * @param sink - who wants the result
   * @param traits - everything else
   */
  constructor(fn: PoolFunction, kind: number, sink: TaskSink, traits: TaskTraits = PLAIN) {
    this.fn = fn;
    this.kind = kind;
    this.traits = traits;
    this.retries = traits.retries;
    this.#sink = sink;
  }

  /** What a worker is told to call, and how. */
  get call(): number {
    return (this.fn.number << 2) | this.kind;
  }

  /** Settles it with a value, unless it is settled. */
  resolve(value: unknown): void {
    if (this.#settle()) this.#sink.resolve(value);
  }

  /** Settles it with an error, unless it is settled. */
  reject(error: unknown): void {
    if (this.#settle()) this.#sink.reject(error);
  }

  /** Lets go of arguments that wait and will not be needed. */
  dropArguments(): void {
    if (this.payload !== 0) freePayload(currentFamily().arena, this.payload);
    this.payload = 0;
    this.waiting = undefined;
  }

  #settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.onSettled?.();
    this.onSettled = undefined;
    return true;
  }
}
