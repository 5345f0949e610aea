import { ArgumentTypeError, type Handle } from '@multiproc/core';
import { Lock, RLock } from '@multiproc/lock';

/** Words of the content that say which lock an object has; see `Synchronized`. */
export const LOCK = { OFFSET: 0, SERIAL: 1, TYPE: 2 } as const;

/** Types of locks by their number in shared memory; 0 is none. */
export const LOCK_TYPES = [undefined, 'Lock', 'RLock'] as const;

/** Which lock a new object is to have. */
export class LockPlan {
  readonly #option: Lock | RLock | boolean;
  #made: RLock | undefined;

  /**
   * @param option - `options.lock` as the caller gave it
   * @throws ArgumentTypeError when it is neither a lock nor a boolean
   */
  constructor(option: unknown) {
    const isLock = option instanceof Lock || option instanceof RLock;
    if (!isLock && option !== undefined && typeof option !== 'boolean') {
      throw new ArgumentTypeError('options.lock', 'a Lock, an RLock or a boolean', option);
    }
    this.#option = option ?? true;
  }

  /** What the new object is to hold; the lock is made only when the object is. */
  get holds(): { holds?: () => Handle } {
    return this.#option === false ? {} : { holds: () => this.#lock.handle };
  }

  /** Writes down which lock it is. */
  write(words: Int32Array, content: number): void {
    if (this.#option === false) return;
    const { type, offset, serial } = this.#lock.handle;
    words[content + LOCK.OFFSET] = offset;
    words[content + LOCK.SERIAL] = serial;
    words[content + LOCK.TYPE] = (LOCK_TYPES as readonly unknown[]).indexOf(type);
  }

  /** Gives this agent's own reference to a lock back that was made; the new object has its own. */
  finish(): void {
    this.#made?.[Symbol.dispose]();
  }

  get #lock(): Lock | RLock {
    if (typeof this.#option === 'object') return this.#option;
    this.#made ??= new RLock();
    return this.#made;
  }
}
