/** Part of the free space that this agent may take before it counts again. */
const UNCOUNTED = 1 / 64;

/** How long a count is good for, in milliseconds: others take and give back meanwhile. */
const LASTING = 20;

/**
 * How much of an arena is free, as one agent knows it. To count is to look at each slab, so a count
 * answers many questions: those that others have made wrong since may be off by a small part of
 * what was free.
 */
export class FreeSpace {
  readonly #count: () => number;
  #free = 0;
  #uncounted = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  /** @param count - counts the free bytes */
  constructor(count: () => number) {
    this.#count = count;
  }

  /** Whether so many bytes stay free when `bytes` are taken, which the caller then does. */
  leaves(bytes: number, least: number): boolean {
    const isStale = bytes > this.#uncounted || performance.now() - this.#countedAt > LASTING;
    // To refuse needs a look: what has become free since is not in the count.
    if (isStale || this.#free - bytes < least) this.#countAgain();
    if (this.#free - bytes < least) return false;
    this.#free -= bytes;
    this.#uncounted -= bytes;
    return true;
  }

  #countAgain(): void {
    this.#free = this.#count();
    this.#uncounted = this.#free * UNCOUNTED;
    this.#countedAt = performance.now();
  }
}
