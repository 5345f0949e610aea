import { Pool } from './pool.js';
import type { PoolOptions } from './pool-options.js';

/**
 * A {@link Pool} whose workers are threads of this process: they start faster and need less memory, and a
 * crash of native code in one ends all.
 *
 * Python counterpart: `multiprocessing.pool.ThreadPool`. There threads share all objects; here arguments and
 * results are copied as between processes.
 *
 * @example
 * ```ts
 * import { ThreadPool } from '@multiproc/pool';
 *
 * const pool = new ThreadPool({ processes: 1 });
 * const module = 'data:text/javascript,export const twice = (x) => x * 2';
 * console.log(await pool.apply({ module, name: 'twice' }, [21])); // → 42
 * pool.close();
 * await pool.join();
 * ```
 */
export class ThreadPool extends Pool {
  /**
   * @param options - see {@link PoolOptions}
   * @throws as the constructor of `Pool`
   */
  constructor(options: Omit<PoolOptions, 'startMethod'> = {}) {
    super({ ...options, startMethod: 'thread' });
  }
}
