import { constants } from 'node:os';
import { WorkerDiedError } from './errors.js';
import type { PoolWorker } from './pool-worker.js';

/** The error of a task whose worker has died. */
export function deathOf(worker: PoolWorker, task: string): WorkerDiedError {
  const { exitCode } = worker.process;
  const signal = signalOf(exitCode);
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  const message =
    `${worker.name} (pid ${worker.pid}) ${how} while it ran ${task}. ${hintFor(exitCode, signal)} ` +
    'The task may have had effects; { retries } runs such tasks again';
  return new WorkerDiedError(message, {
    pid: worker.pid,
    exitCode,
    signal,
    worker: worker.name,
    task,
  });
}

function signalOf(exitCode: number | null): string | null {
  if (exitCode === null || exitCode >= 0) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === -exitCode);
  return found?.[0] ?? String(-exitCode);
}

function hintFor(exitCode: number | null, signal: string | null): string {
  if (signal === 'SIGKILL') {
    return 'If nobody has killed it, the system may have run out of memory.';
  }
  if (signal === 'SIGABRT' || exitCode === 134) {
    return 'Node aborts when its heap is full: see resourceLimits and --max-old-space-size.';
  }
  if (signal === 'SIGSEGV' || signal === 'SIGBUS') return 'A native module may have crashed.';
  if (exitCode === 0 || exitCode === null) return 'The task may have called process.exit().';
  return 'The task may have called process.exit(), or an uncaught error or lack of memory ended it.';
}
