import type { StartMethod } from '@multiproc/process';
import type { WorkerOptions } from './pool-worker.js';

/** Options of a pool, checked and with their defaults. */
export interface PoolSettings {
  min: number;
  max: number;
  readonly initializer: unknown;
  readonly initargs: readonly unknown[];
  /** Tasks that a worker may get. */
  readonly quota: number;
  /** Tasks that a worker runs at once. */
  readonly limit: number;
  readonly startMethod: StartMethod | undefined;
  /** Milliseconds. */
  readonly idleTimeout: number;
  readonly maxQueue: number;
  /** Bytes, 0: no limit. */
  readonly maxMemory: number;
  readonly spares: number;
  /** Milliseconds. */
  readonly grace: number;
  readonly retries: number;
  readonly started: Omit<WorkerOptions, 'name'>;
}
