import { availableParallelism } from 'node:os';
import { PoolBudgetError } from './errors.js';

/** How many workers there may be at the end of one chain of pools in pools. */
const MAX_WORKERS = 512;

/** How many pools may be inside each other. */
const MAX_DEPTH = 8;

/** Which pools this thread is a worker of. */
export interface Nesting {
  /** How many pools there are around it. */
  readonly depth: number;
  /** How many workers all of them can have together. */
  readonly workers: number;
}

const NONE: Nesting = { depth: 0, workers: 1 };
const KEY = Symbol.for('multiproc.pool.nesting');

type Holder = Record<symbol, Nesting | undefined>;

/** The pools around the calling thread. It lies on `process`, so that all copies of this package agree. */
export function nesting(): Nesting {
  return (process as unknown as Holder)[KEY] ?? NONE;
}

/** Says which pools the calling thread is a worker of. */
export function setNesting(value: Nesting): void {
  (process as unknown as Holder)[KEY] = value;
}

/** Workers of a pool whose maker did not say how many: the processors, shared with the pools around it. */
export function defaultWorkers(): number {
  return Math.max(1, Math.floor(availableParallelism() / nesting().workers));
}

/**
 * What the workers of a new pool will be in.
 *
 * @param workers - how many there can be
 * @throws PoolBudgetError
 */
export function nestedIn(workers: number): Nesting {
  const around = nesting();
  const inside = { depth: around.depth + 1, workers: around.workers * workers };
  if (inside.workers > MAX_WORKERS) {
    throw new PoolBudgetError(
      `a pool of ${workers} workers in each of ${around.workers} would make ${inside.workers}, and ` +
        `there may be ${MAX_WORKERS}: give { processes } a smaller number`,
    );
  }
  if (inside.depth > MAX_DEPTH) {
    throw new PoolBudgetError(`there are ${MAX_DEPTH} pools around this one already`);
  }
  return inside;
}
