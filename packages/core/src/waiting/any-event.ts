import type { Agent } from '../agents/agent.js';
import type { Memory } from '../memory/memory.js';
import { EventCount } from './event-count.js';

/**
 * Several event counts as one, for a blocking wait for any of them. A thread can sleep on one word
 * only; so it announces itself at each as an agent that awaits, and sleeps on its doorbell.
 *
 * A wake-up of an agent is for every agent whose bit was set, so this waiter uses up nobody else's
 * and has none to pass on: `wake` does nothing. A ring that came for an awaiting call of this agent
 * may be used up here; the caller pokes its pending calls afterwards (`finish`).
 */
export class AnyEvent extends EventCount {
  readonly #agent: Agent;
  readonly #events: readonly EventCount[];
  readonly #longest: number;

  /**
   * @param memory - the family's memory
   * @param agent - the agent that waits
   * @param events - what to wait for; may be empty
   * @param longest - longest sleep before the waiter attempts again, in milliseconds: shorter than
   *   a slice when the attempt also looks at what nobody announces; it is never thorough then
   */
  constructor(
    memory: Memory,
    agent: Agent,
    events: readonly EventCount[],
    longest = Number.POSITIVE_INFINITY,
  ) {
    // No index of a word, and none of a child or parent (`process`): nothing sleeps on it.
    super(memory, 0);
    this.#agent = agent;
    this.#events = events;
    this.#longest = longest;
  }

  override get sequence(): number {
    return this.#agent.rings;
  }

  override announceSleeper(): void {
    for (const events of this.#events) events.announceAgent(this.#agent.bit);
    // Armed before the attempt that follows: a change that the attempt does not see rings.
    this.#agent.arm();
  }

  override announceAgent(): void {}

  override wake(): void {}

  override sleep(sequence: number, milliseconds: number): void {
    this.#agent.sleepUntilRung(sequence, Math.min(milliseconds, this.#longest));
  }

  /** To be called when the wait is over. */
  finish(): void {
    this.#agent.pending.poke();
  }
}
