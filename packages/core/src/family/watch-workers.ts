import { threadId as ownId, type Worker } from 'node:worker_threads';
import { nativeGate } from '../memory/native-gate.js';
import type { Family } from './family.js';

/**
 * Reaps worker threads that this thread starts from now on, as soon as they have ended, and sees
 * to it that they are not ended while they load native code.
 *
 * @param family - the thread's family, once it has one: a worker may have joined before
 */
export function watchWorkers(family: () => Family | undefined): void {
  process.on('worker', (worker: Worker) => {
    // The number is gone when the worker is.
    const { threadId } = worker;
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      nativeGate.close(threadId);
      return terminate();
    };
    worker.once('exit', () => family()?.threadEnded(threadId));
  });
  // Ending this thread ends its workers.
  process.once('exit', () => nativeGate.close(ownId));
}
