import type { Spawned } from './spawned.js';

const running = new Set<Spawned>();

/** Remembers something that {@link reapAll} has to end. */
export function remember(spawned: Spawned): void {
  running.add(spawned);
  void spawned.exited.then(() => running.delete(spawned));
}

/**
 * Ends everything that {@link spawnThread} and {@link spawnProgram} started and that still runs.
 *
 * @example
 * ```ts
 * import { reapAll } from '@multiproc/testing';
 * import { afterEach } from 'vitest';
 *
 * afterEach(reapAll);
 * ```
 */
export async function reapAll(): Promise<void> {
  await Promise.all([...running].map((spawned) => spawned.kill('SIGKILL')));
}
