import { type Access, ANYTHING, isMovable, wordOf, writes } from './access.js';

/**
 * Which agents have read and written each word in any schedule so far.
 *
 * A switch away from an agent right before a step on a word that nobody else uses, or right
 * before a load of a word that nobody else writes, is the same as the switch right after that
 * step. Whether nobody else uses it is known only at the end, so what was left out on that
 * ground is remembered: when another agent does use the word after all, the search is stale.
 */
export class Footprint {
  readonly #readers: Int32Array;
  readonly #writers: Int32Array;
  readonly #trustedLoads: Int32Array;
  readonly #trustedWrites: Int32Array;
  #isBlurred = false;
  #isStale = false;

  /** @param words - size of the model's memory */
  constructor(words: number) {
    this.#readers = new Int32Array(words);
    this.#writers = new Int32Array(words);
    this.#trustedLoads = new Int32Array(words);
    this.#trustedWrites = new Int32Array(words);
  }

  /** Whether agents share data without `Atomics`: who reads it is then not known. */
  get isBlurred(): boolean {
    return this.#isBlurred;
  }

  /** Whether something was left out that must be run; from then on it will not be left out. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Begins a search with what is known by now. */
  begin(): void {
    this.#trustedLoads.fill(0);
    this.#trustedWrites.fill(0);
    this.#isStale = false;
  }

  /** Takes note that memory was changed without a step. */
  blur(): void {
    this.#isStale ||= !this.#isBlurred;
    this.#isBlurred = true;
  }

  /** Takes note of a step. */
  add(agent: number, access: Access): void {
    const word = wordOf(access);
    if (access === ANYTHING || word < 0) return;
    const isWrite = writes(access);
    const seen = isWrite ? this.#writers : this.#readers;
    seen[word] = (seen[word] as number) | (1 << agent);
    const trusted =
      (this.#trustedWrites[word] as number) | (isWrite ? (this.#trustedLoads[word] as number) : 0);
    if ((trusted & ~(1 << agent)) !== 0) this.#isStale = true;
  }

  /** Whether a step can as well be done before a switch away from its agent, whoever comes next. */
  isPrivate(agent: number, access: Access): boolean {
    if (access === ANYTHING || !isMovable(access)) return false;
    const word = wordOf(access);
    if (word < 0) return true;
    const isWrite = writes(access);
    const seen = (this.#writers[word] as number) | (isWrite ? (this.#readers[word] as number) : 0);
    if ((seen & ~(1 << agent)) !== 0) return false;
    const trusted = isWrite ? this.#trustedWrites : this.#trustedLoads;
    trusted[word] = (trusted[word] as number) | (1 << agent);
    return true;
  }
}
