import { decode, freePayload, importModule, modulesOf, readPayload } from '@multiproc/core';
import { importFailure, isDecodable } from './import-failure.js';
import { OUTCOME } from './lane-layout.js';
import type { LaneOwner } from './lane-owner.js';
import type { PoolWorker } from './pool-worker.js';

/** How a task ended. */
export interface Outcome {
  readonly isError: boolean;
  readonly value: unknown;
}

/**
 * Reads the result of a finished task; afterwards its slot may be used again.
 *
 * @param worker - who ran it
 * @param slot - where the result is
 * @param label - what messages call the task
 * @returns the outcome; a promise of it when modules have to be imported first
 */
export function readResult(
  worker: PoolWorker,
  slot: number,
  label: string,
): Outcome | Promise<Outcome> {
  const { owner } = worker;
  const outcome = owner.outcomeOf(slot);
  const isError = (outcome & OUTCOME.ERROR) !== 0;
  if ((outcome & OUTCOME.MODULES) !== 0) return readLater(worker, slot, isError, label);
  return read(owner.result(slot), isError, worker, label);
}

function read(bytes: Uint8Array, isError: boolean, worker: PoolWorker, label: string): Outcome {
  try {
    const value = decode(bytes);
    return { isError, value: isError ? withOrigin(value, worker, label) : value };
  } catch (error) {
    return { isError: true, value: error };
  }
}

/** A class of a module that this thread has not imported yet. */
async function readLater(
  worker: PoolWorker,
  slot: number,
  isError: boolean,
  label: string,
): Promise<Outcome> {
  const { arena } = worker.owner.lane;
  // Taken at once, in the call of readResult: the slot is going to be used again.
  const { bytes, payload } = worker.owner.takeResult(slot);
  const encoded = bytes ?? readPayload(arena, payload);
  // Imported only when it has to be: a module that awaits this very result at its top level would
  // wait for itself.
  const failure = isDecodable(encoded)
    ? undefined
    : await importFailure(encoded, importModules(encoded));
  const outcome = failure
    ? { isError: true, value: failure.error }
    : read(encoded, isError, worker, label);
  if (payload !== 0) freePayload(arena, payload);
  return outcome;
}

async function importModules(encoded: Uint8Array): Promise<void> {
  for (const module of modulesOf(encoded)) await importModule(module);
}

/** Says in the stack of a worker's error where that stack is from, as Python's remote traceback does. */
function withOrigin(error: unknown, worker: PoolWorker, label: string): unknown {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return error;
  const stack = `${error.stack}\n    --- in ${worker.name} (pid ${worker.pid}), which ran ${label} ---`;
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
  return error;
}

/** The error of a failed initializer. */
export function readFailure(owner: LaneOwner): unknown {
  const bytes = owner.failure();
  if (!bytes) return undefined;
  try {
    return decode(bytes);
  } catch (error) {
    return error;
  }
}

/**
 * Delivers the progress values of a worker's tasks.
 *
 * @param failed - hears of callbacks that throw
 */
export function deliverProgress(worker: PoolWorker, failed: (error: unknown) => void): void {
  const { owner } = worker;
  let hasTaken = false;
  for (let next = owner.takeProgress(); next; next = owner.takeProgress()) {
    hasTaken = true;
    const task = worker.tasks[next.slot];
    const onProgress = task?.ticket === next.ticket && !task.isSettled && task.traits.onProgress;
    try {
      if (onProgress) onProgress(decode(readPayload(owner.lane.arena, next.payload)));
    } catch (error) {
      failed(error);
    } finally {
      freePayload(owner.lane.arena, next.payload);
    }
  }
  // It may wait for room.
  if (hasTaken) owner.wake();
}
