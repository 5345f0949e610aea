import type { Arena, Epochs } from '@multiproc/core';
import { clearRoot, compactRoot, freeJunk } from './generations.js';
import { ownership } from './key-owner.js';
import { CELL, DICT, indexOf, ROOT, STRIPE, STRIPE_SHIFT, STRIPES, stripeAt } from './layout.js';
import type { Limbo } from './limbo.js';
import { cellAt } from './order.js';
import type { DictAgent, StripeLocks } from './stripe-locks.js';

/** Fewer dead cells are not worth a compaction. */
const MIN_DEAD = 64;

/** A dictionary, as one agent sees it. */
export interface DictParts {
  /** Where it is. */
  readonly arena: Arena;
  /** Who reads. */
  readonly epochs: Epochs;
  /** Who uses it. */
  readonly agent: DictAgent;
  /** Index of its first word. */
  readonly content: number;
  readonly locks: StripeLocks;
  readonly limbo: Limbo;
  /** Called when much is kept for readers: `collect` should be called soon. */
  readonly onBehind: () => void;
}

/** What is done to all stripes at once: counting, clearing, compacting, freeing. */
export class AllStripes {
  readonly #parts: DictParts;
  readonly #words: Int32Array;
  readonly #locks: StripeLocks;
  /** Up to so many dead cells no compaction is tried. */
  #resigned = 0;

  /** @param parts - of the dictionary */
  constructor(parts: DictParts) {
    this.#parts = parts;
    this.#words = parts.arena.memory.words;
    this.#locks = parts.locks;
  }

  /** How many keys there are. */
  get size(): number {
    let size = 0;
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      if (this.#locks.isAbandoned(stripe)) {
        this.#locks.lock(stripe);
        this.#locks.unlock(stripe);
      }
      size += Atomics.load(this.#words, this.#parts.content + stripeAt(stripe) + STRIPE.LIVE);
    }
    return size;
  }

  /**
   * Takes everything out, at once.
   *
   * @returns 0; BUSY with `stripe` set to where somebody computes a value, or MINE
   * @throws ArenaFullError; nothing is changed then
   */
  clear(thorough: boolean, where: { stripe: number }): number {
    const { arena, epochs, content, limbo } = this.#parts;
    this.#locks.lockAll();
    try {
      const owner = this.#findOwner(thorough, where);
      if (owner !== 0) return owner;
      if (!clearRoot(arena, epochs, content)) limbo.isBehind = true;
    } finally {
      this.#locks.unlockAll();
    }
    for (let stripe = 0; stripe < STRIPES; stripe++) this.#locks.wake(stripe);
    if (limbo.isBehind) this.#parts.onBehind();
    return 0;
  }

  /** Frees what was taken out, as far as readers allow: before more memory is refused. */
  collect(): void {
    const { arena, epochs, content, limbo } = this.#parts;
    let isAll = true;
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      this.#locks.lock(stripe);
      isAll = limbo.collect(stripe, true) && isAll;
      isAll = freeJunk(arena, epochs, content, true) && isAll;
      this.#locks.unlock(stripe);
    }
    limbo.isBehind = !isAll;
  }

  /** Compacts the order when dead cells outnumber the others. Caller holds no lock. */
  tidy(): void {
    if (!this.#isCrowded()) return;
    const { arena, epochs, content, limbo } = this.#parts;
    this.#locks.lockAll();
    try {
      const root = indexOf(this.#words[content + DICT.ROOT] as number);
      // Another agent may have done it meanwhile.
      if (!this.#isCrowded()) return;
      const dead = this.#words[root + ROOT.DEAD] as number;
      const isDone = compactRoot(arena, epochs, content);
      // Without memory it is tried again when there is twice as much to gain.
      this.#resigned = isDone ? 0 : 2 * dead;
      if (!freeJunk(arena, epochs, content, false)) limbo.isBehind = true;
    } finally {
      this.#locks.unlockAll();
    }
  }

  #findOwner(thorough: boolean, where: { stripe: number }): number {
    const words = this.#words;
    const root = indexOf(words[this.#parts.content + DICT.ROOT] as number);
    const end = root === 0 ? 0 : (words[root + ROOT.NEXT] as number);
    for (let position = 0; position < end; position++) {
      const cell = cellAt(words, root, position);
      if (cell === 0 || words[cell + CELL.ENTRY] === 0) continue;
      const owner = ownership(words, this.#parts.agent, cell, thorough);
      if (owner === 0) continue;
      where.stripe = (words[cell + CELL.HASH] as number) >>> STRIPE_SHIFT;
      return owner;
    }
    return 0;
  }

  /** Whether dead cells outnumber the others. A hint unless the caller holds all locks. */
  #isCrowded(): boolean {
    const words = this.#words;
    const root = indexOf(Atomics.load(words, this.#parts.content + DICT.ROOT));
    if (root === 0) return false;
    const dead = Atomics.load(words, root + ROOT.DEAD);
    if (dead < MIN_DEAD || dead <= this.#resigned) return false;
    return dead * 2 > Atomics.load(words, root + ROOT.NEXT);
  }
}
