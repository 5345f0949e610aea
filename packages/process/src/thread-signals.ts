import type { MessagePort } from 'node:worker_threads';
import { THREAD_SIGNALS, type ThreadSignal, type ThreadStatus } from './thread-status.js';

function isThreadSignal(event: unknown): event is ThreadSignal {
  return THREAD_SIGNALS.includes(event as ThreadSignal);
}

/**
 * Lets the program in this thread listen for signals as in a process of its own: the starter
 * sends them as messages while there are listeners, and ends the thread at once otherwise.
 *
 * @param port - where the starter posts the names of signals
 * @param status - tells the starter what is listened for
 */
export function receiveSignals(port: MessagePort, status: ThreadStatus): void {
  const { constants } = process.getBuiltinModule('node:os');
  let isOpen = false;
  process.on('newListener', (event) => {
    if (!isThreadSignal(event)) return;
    status.setListening(event, true);
    if (isOpen) return;
    isOpen = true;
    port.on('message', (signal: ThreadSignal) => {
      (process as NodeJS.EventEmitter).emit(signal, signal, constants.signals[signal]);
    });
    // Listening for a signal keeps no process alive, and no thread.
    port.unref();
  });
  process.on('removeListener', (event) => {
    if (isThreadSignal(event)) status.setListening(event, process.listenerCount(event) > 0);
  });
}
