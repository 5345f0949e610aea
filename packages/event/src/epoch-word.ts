import { type Attempt, EventCount, type Memory, type Ringer } from '@multiproc/core';

const EPOCH = 0;
const EVENTS = 1;

/**
 * What an event is made of: three words.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | EPOCH | even: clear | `set`, by compare-exchange | + 1 |
 * | | odd: set | `clear`, by compare-exchange | + 1 |
 * | SEQUENCE, WAITERS | event count; every wake-up is for all | `EventCount` | |
 *
 * A waiter remembers the epoch in which it began. Whoever began while the event was clear is
 * served by any other epoch, because the first step out of a clear one is a `set`: a `clear`
 * right after it takes nothing back. Nobody is counted, so a killed waiter leaves nothing behind.
 *
 * The epoch wraps after 2³² steps: a waiter would have to sleep through exactly that many.
 */
export class EpochWord {
  /** Words of an event. */
  static readonly WORDS = EVENTS + EventCount.WORDS;

  /** What waiters wait on. */
  readonly events: EventCount;
  readonly #words: Int32Array;
  readonly #index: number;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words; all zero is a clear event
   */
  constructor(memory: Memory, index: number) {
    this.#words = memory.words;
    this.#index = index + EPOCH;
    this.events = new EventCount(memory, index + EVENTS);
  }

  /** Whether the event is set. */
  get isSet(): boolean {
    return (Atomics.load(this.#words, this.#index) & 1) === 1;
  }

  /** Sets the event and wakes everybody; the waiters' `take` sees the new epoch. */
  set(ringer: Ringer): void {
    this.#step(0);
    // Also when it was set already: whoever set it may have died before its wake-up.
    this.events.wake(ringer, true);
  }

  /** Clears the event. Nobody waits for that. */
  clear(): void {
    this.#step(1);
  }

  /** The attempt of a waiter that begins now. */
  begin(): Attempt<true> {
    const words = this.#words;
    const index = this.#index;
    const began = Atomics.load(words, index);
    return {
      take: () => {
        const epoch = Atomics.load(words, index);
        return epoch !== began || (epoch & 1) === 1 ? true : undefined;
      },
      isBroadcast: true,
    };
  }

  /** Moves the epoch on if its last bit is `from`; if not, another agent did or it was so before. */
  #step(from: 0 | 1): void {
    // A plain read, an eighth of the cost of an atomic one: a guess that the compare-exchange checks.
    // Where there is none an atomic read decides: a plain one may be older than what the caller has
    // stored before, and overlook the `clear` of somebody who has not seen that store.
    let epoch = this.#words[this.#index] as number;
    if ((epoch & 1) !== from) epoch = Atomics.load(this.#words, this.#index);
    while ((epoch & 1) === from) {
      const found = Atomics.compareExchange(this.#words, this.#index, epoch, (epoch + 1) | 0);
      if (found === epoch) return;
      epoch = found;
    }
  }
}
