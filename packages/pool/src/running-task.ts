import { encode, TimeoutError } from '@multiproc/core';
import type { CurrentTask } from './current-task.js';
import { TaskCancelledError } from './errors.js';
import { CANCEL } from './lane-layout.js';
import { StoredValue } from './stored-value.js';
import type { WorkerLoop } from './worker-loop.js';

const isAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted') as {
  get(this: AbortSignal): boolean;
};

/** A task in its worker. */
export class RunningTask implements CurrentTask {
  readonly isTask = true;
  /** Its slot in the lane. */
  readonly slot: number;
  /** Whether it is over: what it has left behind cannot report about it any more. */
  hasEnded = false;
  readonly #loop: WorkerLoop;
  #controller: AbortController | undefined;
  #isAborted = false;
  /** Progress values that found no room. */
  readonly #waiting: StoredValue[] = [];

  /**
   * @param slot - its slot
   * @param loop - the worker
   */
  constructor(slot: number, loop: WorkerLoop) {
    this.slot = slot;
    this.#loop = loop;
  }

  /** Made when first asked for: few tasks want it, and it costs as much as a small task. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      this.#askAtEachRead(this.#controller.signal);
      this.look();
    }
    return this.#controller.signal;
  }

  readonly progress = (value: unknown): void => {
    if (this.hasEnded) return;
    const encoded = encode(value);
    if (this.#waiting.length === 0 && this.#loop.sendProgress(this.slot, encoded)) return;
    this.#waiting.push(StoredValue.of(encoded, value));
  };

  /** Sends progress values that found no room. `false` when there are still some. */
  flush(): boolean {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#loop.sendProgress(this.slot, next)) return false;
      this.#waiting.shift();
    }
    return true;
  }

  /** Aborts the signal if the owner has asked for it. */
  look(): void {
    const controller = this.#controller;
    if (!controller || this.hasEnded) return;
    const reason = this.#loop.cancelled(this.slot);
    if (reason === CANCEL.NONE || this.#isAborted) return;
    // Before the event, whose listeners look again.
    this.#isAborted = true;
    controller.abort(
      reason === CANCEL.TIMED_OUT
        ? new TimeoutError('the task has run longer than its timeout allows')
        : new TaskCancelledError('the call was cancelled'),
    );
  }

  /** A task that computes without pause hears nothing of events, so each read asks the shared word. */
  #askAtEachRead(signal: AbortSignal): void {
    const look = () => this.look();
    Object.defineProperty(signal, 'aborted', {
      get() {
        look();
        return isAborted.get.call(signal);
      },
    });
    // Node 20's own does not read the property.
    Object.defineProperty(signal, 'throwIfAborted', {
      value() {
        if (signal.aborted) throw signal.reason;
      },
    });
  }
}
