import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Native } from '@multiproc/core';

/** Environment data are handed from each thread to the workers that it starts. */
const KEY = 'multiproc.process.liveness.v1';

/**
 * One pipe for each process, whichever of its threads start daemons. Nobody writes to it: its
 * write end is held by this process alone and is closed when that ends, however it ends, and the
 * kernel then kills the daemons, which hold the read end.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | READ_END | 0: there is no pipe yet | who needs it, by compare-exchange | descriptor of the read end |
 */
const READ_END = 0;

function sharedWord(): Int32Array {
  let buffer = getEnvironmentData(KEY) as unknown as SharedArrayBuffer | undefined;
  if (!buffer) {
    buffer = new SharedArrayBuffer(4);
    setEnvironmentData(KEY, buffer as never);
  }
  return new Int32Array(buffer);
}

// Made now, before any worker that is to share it can be started.
const word = sharedWord();

/** The end that a daemon watches; opened by the first call in this process. */
export function livenessPipe(native: Native): number {
  const existing = Atomics.load(word, READ_END);
  if (existing !== 0) return existing;
  const { readEnd, writeEnd } = native.openPipe();
  const faster = Atomics.compareExchange(word, READ_END, 0, readEnd);
  if (faster === 0) return readEnd;
  native.close(readEnd);
  native.close(writeEnd);
  return faster;
}
