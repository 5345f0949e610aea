import { readlinkSync } from 'node:fs';
import { inspect } from 'node:util';
import { type MessagePort, workerData } from 'node:worker_threads';
import { acceptInvitation } from '@multiproc/core';
import { runChild } from './run-child.js';
import { readMessage } from './start-message.js';
import { writeDirectly, writeFully } from './thread-output.js';
import { receiveSignals } from './thread-signals.js';
import { ThreadStatus } from './thread-status.js';

/** What a started thread finds in `workerData`. */
export interface ThreadStart {
  /** Buffer of its `ThreadStatus`. */
  readonly status: SharedArrayBuffer;
  /** Where signals come from. */
  readonly signals: MessagePort;
  readonly message: Uint8Array;
  readonly agent: number;
  readonly name: string;
}

const start = workerData as ThreadStart;
const status = new ThreadStatus(start.status);
const pause = (milliseconds: number) => status.pause(milliseconds);

/** "<pid>/task/<tid>"; other platforms have no such file. */
function ownTid(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/')[2]);
  } catch {
    return 0;
  }
}

/** Prints what ends the thread here, where it cannot get lost when the main thread exits. */
function reportErrors(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (process.listenerCount('uncaughtException') > 0) return;
    const text = `Uncaught error in thread ${start.name}:\n${inspect(error)}\n`;
    writeFully(2, Buffer.from(text), pause);
    status.isReported = true;
  });
}

/** Tells the starter the exit code when every exit hook has run, for any of them may change it. */
function announceExit(): void {
  const emit = process.emit as (event: string, ...args: unknown[]) => boolean;
  process.emit = ((event: string, ...args: unknown[]) => {
    const hadListeners = emit.call(process, event, ...args);
    if (event === 'exit') status.decide(Number(process.exitCode ?? args[0] ?? 0) & 0xff);
    return hadListeners;
  }) as typeof process.emit;
}

status.tid = ownTid();
acceptInvitation(start.agent);
writeDirectly(pause);
reportErrors();
announceExit();
receiveSignals(start.signals, status);
const { agent } = start;
runChild({ ...readMessage(start.message), agent, takeHandles: () => status.takeHandles() }).catch(
  (error: unknown) => {
    // Stays, should the program have a listener that keeps Node from ending on this error.
    process.exitCode = process.exitCode || 1;
    throw error;
  },
);
