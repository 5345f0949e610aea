import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { randomBytes } from '@multiproc/core';
import { readSelf, type Self, writeSelf } from './self.js';

/** Environment data are handed from each thread to the workers that it starts. */
const KEY = 'multiproc.process.v1';

const AUTH_KEY_BYTES = 32;

/** What the program's own `new Worker()` learns about the process in which it runs. */
type Shared = Omit<Self, 'importing' | 'children' | 'process'>;

/**
 * Who the calling thread is. Three cases: a child has been told by its bootstrap; a worker that
 * the program started by itself belongs to the process of its starter, as a Python thread does;
 * everything else is the main process.
 */
export function ownSelf(): Self {
  return readSelf() ?? shareSelf(writeSelf({ ...found(), ...FRESH }));
}

const FRESH = { importing: 0, children: 0, process: undefined };

/** Hands changes to the workers that this thread starts from now on. */
export function shareSelf(self: Self): Self {
  const { name, daemon, authKey, lineage, parent, startMethod } = self;
  const shared: Shared = { name, daemon, authKey, lineage, parent, startMethod };
  setEnvironmentData(KEY, shared as never);
  return self;
}

function found(): Shared {
  const inherited = getEnvironmentData(KEY) as unknown as Shared | undefined;
  if (inherited) return inherited;
  return {
    name: 'MainProcess',
    daemon: false,
    authKey: randomBytes(AUTH_KEY_BYTES),
    lineage: [],
    parent: undefined,
    startMethod: undefined,
  };
}

// Now, before any worker that is to learn of it can be started.
shareSelf(ownSelf());

/**
 * Whether this is the process that the user started, and not one that multiproc started from it.
 * A module that exports a target and also starts processes asks this first, because each child
 * imports it again. Threads that the program itself makes belong to their process.
 *
 * Python counterpart: `if __name__ == '__main__'`.
 *
 * @returns `false` in everything that `Process.start()` started
 *
 * @example
 * ```ts
 * import { isMainProcess, Process } from '@multiproc/process';
 *
 * export function work() {
 *   console.log('working');
 * }
 *
 * if (isMainProcess()) new Process({ target: work }).start();
 * ```
 */
export function isMainProcess(): boolean {
  return ownSelf().parent === undefined;
}
