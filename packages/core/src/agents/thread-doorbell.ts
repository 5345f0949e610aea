import type { Memory } from '../memory/memory.js';
import type { Doorbell } from './doorbell.js';
import { placeOf, SLOT, slotIndex } from './slot.js';

/**
 * Doorbell of thread memory: the word BELL in the agent's own place, waited on by
 * `Atomics.waitAsync`. At most one such wait is outstanding for each thread, on a word that only
 * this thread waits on, and without a time-out: one that was abandoned would eat the next
 * wake-up, and one with a time-out keeps memory until that comes.
 */
export class ThreadDoorbell implements Doorbell {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #bell: number;
  readonly #onRing: () => void;
  #isListening = false;
  #isClosed = false;

  /**
   * @param memory - the family's memory
   * @param id - the agent that listens
   * @param onRing - called on its event loop
   */
  constructor(memory: Memory, id: number, onRing: () => void) {
    this.#memory = memory;
    this.#words = memory.words;
    this.#bell = slotIndex(memory.words, placeOf(id)) + SLOT.BELL;
    this.#onRing = onRing;
  }

  listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    // Safe to sleep on the value read here: the caller stores ARMED and attempts after this, so
    // a ringer that took ARMED earlier announced something that those attempts see.
    const bell = Atomics.load(this.#words, this.#bell);
    const wait = Atomics.waitAsync(this.#words, this.#bell, bell);
    // Microtask order differs between Node versions; nothing relies on it.
    void Promise.resolve(wait.value).then(() => {
      this.#isListening = false;
      if (!this.#isClosed) this.#onRing();
    });
  }

  ring(id: number): void {
    const bell = slotIndex(this.#words, placeOf(id)) + SLOT.BELL;
    Atomics.add(this.#words, bell, 1);
    Atomics.notify(this.#words, bell);
  }

  get rings(): number {
    return Atomics.load(this.#words, this.#bell);
  }

  sleep(rings: number, milliseconds: number): void {
    this.#memory.wait(this.#bell, rings, milliseconds);
  }

  forget(): void {}

  close(): void {
    this.#isClosed = true;
    // An outstanding wait would swallow a wake-up meant for the next tenant of the place.
    Atomics.add(this.#words, this.#bell, 1);
    Atomics.notify(this.#words, this.#bell);
  }
}
