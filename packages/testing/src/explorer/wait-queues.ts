/** An agent's entry in the queue of a word. */
export interface QueueEntry {
  readonly agent: number;
  readonly key: number;
  /** Number of the `waitAsync`; 0 for a sleeping thread. */
  readonly ticket: number;
  /** Model time at which it times out; Infinity for never. */
  readonly due: number;
}

/** Who waits on which word, first come first served, as the language defines for `Atomics.notify`. */
export class WaitQueues {
  #entries: QueueEntry[] = [];

  /** How many entries there are. */
  get size(): number {
    return this.#entries.length;
  }

  /** Adds an entry behind all others. */
  add(entry: QueueEntry): void {
    this.#entries.push(entry);
  }

  /** Removes and returns the first entries of a word, at most `count`. */
  take(key: number, count: number): QueueEntry[] {
    const taken = this.#entries.filter((entry) => entry.key === key).slice(0, count);
    this.#entries = this.#entries.filter((entry) => !taken.includes(entry));
    return taken;
  }

  /** Removes all entries of an agent, as its death does. */
  removeAgent(agent: number): void {
    this.#entries = this.#entries.filter((entry) => entry.agent !== agent);
  }

  /** Removes one entry. */
  remove(entry: QueueEntry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** The entries of an agent, the one that times out first in front. */
  of(agent: number): QueueEntry[] {
    return this.#entries.filter((entry) => entry.agent === agent).sort((a, b) => a.due - b.due);
  }
}
