import { threadId as ownId, type Worker } from 'node:worker_threads';
import { nativeGate } from '../memory/native-gate.js';
import type { Family } from './family.js';

/** Times at which a worker that still runs is terminated again, in milliseconds after the first. */
const AGAIN = [100, 300, 1000, 3000];

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
    let isEnding = false;
    worker.terminate = () => {
      nativeGate.close(threadId);
      const ended = terminate();
      if (isEnding) return ended;
      isEnding = true;
      // V8 loses the request when it arrives while the worker is in certain native calls, such as
      // one that starts a process.
      const timers = AGAIN.map((delay) => setTimeout(terminate, delay).unref());
      worker.once('exit', () => timers.forEach(clearTimeout));
      return ended;
    };
    worker.once('exit', () => family()?.threadEnded(threadId));
  });
  // Ending this thread ends its workers.
  process.once('exit', () => nativeGate.close(ownId));
}
