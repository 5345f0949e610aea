import type { Memory } from '../memory/memory.js';
import { Spinner } from './spinner.js';

/** Bit of WAITERS that stands for every thread asleep on SEQUENCE. */
const SLEEPER = 1;

/** Rings the agents whose bits are set; implemented by the agent table. */
export interface Ringer {
  /** Wakes the event loop of each agent whose bit is in `mask`. */
  ring(mask: number): void;
}

/**
 * The one thing in multiproc that is waited on: two words in shared memory.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | SEQUENCE | a count that moves with every wake-up; the futex word of sleepers | {@link EventCount.wake} |
 * | WAITERS | 0: nobody waits, waking is free | `wake` takes all bits by exchange |
 * | | bit 0: a thread may be asleep on SEQUENCE | set by a sleeper before every attempt |
 * | | bits 1 to 31: an agent whose place hashes to the bit may be awaiting | set by an awaiter before every attempt |
 *
 * To wait: read SEQUENCE, set the bit, attempt, and sleep only while SEQUENCE has not moved. To
 * wake: change the state, then call `wake`. A change that an attempt did not see was made after
 * the bit was set, so its maker finds the bit and moves SEQUENCE: no wake-up is lost. A wake-up
 * is a hint and never a grant.
 *
 * WAITERS holds bits and not a count of sleepers: bits need no undoing, so a killed waiter
 * leaves at worst one needless wake-up behind, where a count would stay high for ever. A waiter
 * that was woken sets its bit again before it attempts, because it cannot know whether the waker
 * took the bits of others too (Drepper's mutex, "Futexes are tricky", does the same).
 */
export class EventCount {
  /** Words of an event count. */
  static readonly WORDS = 2;

  /** The memory that its words are in. */
  readonly memory: Memory;
  /** Index of SEQUENCE; WAITERS follows. */
  readonly index: number;
  #spinner: Spinner | undefined;
  /** SEQUENCE when this agent set bit 0 most recently. */
  #announcedAt = Number.NaN;

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its two words
   */
  constructor(memory: Memory, index: number) {
    this.memory = memory;
    this.index = index;
  }

  /** The sequence to compare with before sleeping; read it before announcing. */
  get sequence(): number {
    return Atomics.load(this.memory.words, this.index);
  }

  /** @internal What keeps this agent awake before it sleeps here. */
  get spinner(): Spinner {
    this.#spinner ??= new Spinner();
    return this.#spinner;
  }

  /**
   * Whether somebody else seems to wait here. A bit that has been set since this agent's own wait
   * may be its own leftover, as nobody clears it before the next wake-up: that counts for nothing.
   */
  get isCrowded(): boolean {
    // Events without words of their own, such as the end of a child, are not worth a long spin.
    if (this.index <= 0) return true;
    const { words } = this.memory;
    return (
      Atomics.load(words, this.index + 1) !== 0 &&
      Atomics.load(words, this.index) !== this.#announcedAt
    );
  }

  /**
   * Announces that this thread may sleep. Publishes to `wake`.
   *
   * @param sequence - what `sequence` was before
   */
  announceSleeper(sequence: number): void {
    this.#announcedAt = sequence;
    Atomics.or(this.memory.words, this.index + 1, SLEEPER);
  }

  /** Announces that the agent with this bit awaits. Publishes to `wake`. */
  announceAgent(bit: number): void {
    Atomics.or(this.memory.words, this.index + 1, bit);
  }

  /**
   * Whether this agent has announced itself and no waker has heard of it yet; may also be true
   * because of others. Asked by an attempt that must tell its own word of a waiter before it fails
   * for the last time before a sleep. A plain read, an eighth of the cost of an atomic one: what the
   * agent itself has stored it is sure to see, until a waker takes it, which then wakes.
   */
  get isAnnounced(): boolean {
    return this.memory.words[this.index + 1] !== 0;
  }

  /**
   * Sleeps until the sequence leaves `sequence`, for at most one slice. Safe because the caller
   * announced itself after reading `sequence`; may return early, so the caller loops.
   */
  sleep(sequence: number, milliseconds: number): void {
    this.memory.wait(this.index, sequence, milliseconds);
  }

  /**
   * Wakes after a change of state: one sleeping thread or all, and every awaiting agent. Call it
   * only after the change is stored. Costs one load when nobody waits.
   *
   * @param ringer - wakes awaiting agents
   * @param all - wake all sleepers: when the change may suit several, or only a certain one
   */
  wake(ringer: Ringer, all: boolean): void {
    if (Atomics.load(this.memory.words, this.index + 1) !== 0) this.#wakeWaiters(ringer, all);
  }

  /**
   * Wakes all, after a change that suits a certain waiter only. A wake-up for one takes everybody's
   * bits, and may have gone to another one who cannot use the change; so sleepers are woken whatever
   * the bits say. Awaiting agents were rung by whoever took their bits.
   *
   * @param ringer - wakes awaiting agents
   */
  wakeAll(ringer: Ringer): void {
    const agents = Atomics.exchange(this.memory.words, this.index + 1, 0) & ~SLEEPER;
    Atomics.add(this.memory.words, this.index, 1);
    this.memory.wake(this.index, true);
    if (agents !== 0) ringer.ring(agents);
  }

  #wakeWaiters(ringer: Ringer, all: boolean): void {
    // Exchange and not a store of 0: a bit set since the load belongs to a waiter that may have
    // attempted before our change, and this call must wake it.
    const waiters = Atomics.exchange(this.memory.words, this.index + 1, 0);
    if (waiters === 0) return;
    // The sequence moves before anybody is woken: a waiter between its attempt and its sleep
    // must find it moved.
    Atomics.add(this.memory.words, this.index, 1);
    if ((waiters & SLEEPER) !== 0) this.memory.wake(this.index, all);
    const agents = waiters & ~SLEEPER;
    if (agents !== 0) ringer.ring(agents);
  }
}
