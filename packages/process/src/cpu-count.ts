import { availableParallelism, cpus } from 'node:os';

/**
 * Number of processors of this machine, which may be more than the process is allowed to use: for
 * that there is `os.availableParallelism()`.
 *
 * Python counterpart: `multiprocessing.cpu_count`.
 *
 * @returns an integer from 1
 *
 * @example
 * ```ts
 * import { cpuCount } from '@multiproc/process';
 *
 * console.log(cpuCount() >= 1); // → true
 * ```
 */
export function cpuCount(): number {
  // Some platforms hide their processors.
  return cpus().length || availableParallelism();
}
