import type { Native } from '../memory/native.js';
import { type Identity, isOwnChild } from './identity.js';

/** Time between two looks, in milliseconds. */
const INTERVAL = 250;

/**
 * Processes that a thread of this process has started and not outlived. The event loop that would
 * have reaped them has ended with that thread, so each would stay a zombie as long as this process
 * runs. Whoever adopts one reaps it.
 */
export class Adopted {
  readonly #native: Native;
  readonly #onEnd: (id: number) => void;
  readonly #processes = new Map<number, Identity>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param native - the platform's calls
   * @param onEnd - called with the agent id of each that has ended
   */
  constructor(native: Native, onEnd: (id: number) => void) {
    this.#native = native;
    this.#onEnd = onEnd;
  }

  /** Takes a process over. Keeps no event loop alive: when this process ends, init reaps it. */
  add(id: number, identity: Identity): void {
    this.#processes.set(id, identity);
    this.#timer ??= setInterval(() => this.#look(), INTERVAL).unref();
  }

  #look(): void {
    for (const [id, identity] of this.#processes) {
      // A number that names another process by now may be that of a child whose starter lives: to
      // reap that one would hide its end from its starter.
      if (isOwnChild(identity) && !this.#native.reapChild(identity.pid)) continue;
      this.#processes.delete(id);
      this.#onEnd(id);
    }
    if (this.#processes.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
