import { placeOf, SLOT, slotIndex } from '../agents/slot.js';
import { AGENT_BYTES, HEADER } from './layout.js';
import type { Memory } from './memory.js';

/** What epochs have to know about the agents of the family; implemented by `AgentTable`. */
export interface EpochTable {
  /** Places ever used; all tenants are below. */
  readonly high: number;
  /** The tenant of a place, 0 when there is none. */
  tenantAt(place: number): number;
  /** Whether the agent has ended, asking the operating system. */
  isDead(id: number): boolean;
}

/** Epochs that a retired block waits; see the class. */
const WAIT = 2;

/** What PINNED says of an agent that began to read in this epoch: never 0. */
function pinned(epoch: number): number {
  return (epoch << 1) | 1;
}

/**
 * Tells when a block that was read without a lock may be freed.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | EPOCH (header) | a count | anybody who sees that no agent is pinned in another epoch, by compare-exchange | + 1 |
 * | PINNED (agent's place) | 0: the agent reads nothing | the agent | `pinned(EPOCH)` |
 * | | `pinned(epoch)`: it follows pointers that it read since that epoch | the agent | 0 |
 *
 * A reader pins, loads a pointer, reads what that leads to, and unpins. A writer stores another
 * pointer, then notes `now` for the old block, and frees it when `isPast`: two epochs later.
 *
 * Why two. A reader that may hold the block pinned itself before the pointer changed, in an epoch
 * not after the one noted. One advance may be under way that looked at the reader's place before
 * it pinned; the next one looks afterwards, finds the reader behind, and fails. So with a reader
 * of the block, EPOCH moves by one at the most.
 *
 * A dead reader holds nobody up: a place without a tenant counts as unpinned, and a thorough
 * advance asks whether the tenant that is behind lives. Nobody resets the PINNED of the dead: a
 * reaper that was held up could reset that of the next tenant.
 */
export class Epochs {
  readonly #words: Int32Array;
  readonly #table: EpochTable;
  readonly #pinned: number;
  readonly #first: number;
  /** EPOCH when this agent read it last. It only goes on, so what was past then is past. */
  #seen: number;
  #depth = 0;

  /**
   * @param memory - the family's memory
   * @param table - the agents of the family
   * @param id - the calling agent
   */
  constructor(memory: Memory, table: EpochTable, id: number) {
    this.#words = memory.words;
    this.#table = table;
    this.#pinned = slotIndex(memory.words, placeOf(id)) + SLOT.PINNED;
    this.#first = slotIndex(memory.words, 0) + SLOT.PINNED;
    this.#seen = Atomics.load(memory.words, HEADER.EPOCH);
  }

  /** The epoch to be noted for a block, read after the last pointer to it was changed. */
  get now(): number {
    this.#seen = Atomics.load(this.#words, HEADER.EPOCH);
    return this.#seen;
  }

  /** Begins to read: what is reachable from now on is not freed before `unpin`. May be nested. */
  pin(): void {
    if (this.#depth++ > 0) return;
    // Published to `advance`, before the caller loads its first pointer. An epoch that is out of
    // date holds `advance` up until `unpin`, and nothing else: so a plain read will do.
    Atomics.store(this.#words, this.#pinned, pinned(this.#words[HEADER.EPOCH] as number));
  }

  /** Ends what `pin` began. */
  unpin(): void {
    if (--this.#depth === 0) Atomics.store(this.#words, this.#pinned, 0);
  }

  /**
   * Whether nobody can be reading a block any more.
   *
   * @param epoch - `now`, as it was after the block had become unreachable
   */
  isPast(epoch: number): boolean {
    return ((this.#seen - epoch) | 0) >= WAIT || ((this.now - epoch) | 0) >= WAIT;
  }

  /**
   * `isPast`, after the epoch was moved on as far as the readers allow.
   *
   * @param epoch - `now`, as it was after the block had become unreachable
   * @param thorough - also look whether a reader that is behind has died; costs system calls
   */
  passes(epoch: number, thorough: boolean): boolean {
    for (let turn = 0; turn < WAIT && !this.isPast(epoch); turn++) {
      if (!this.#advance(thorough)) return false;
    }
    return this.isPast(epoch);
  }

  /** Moves EPOCH on by one; `false` when a reader is behind. */
  #advance(thorough: boolean): boolean {
    const epoch = this.now;
    const current = pinned(epoch);
    const { high } = this.#table;
    for (let place = 0; place < high; place++) {
      const word = Atomics.load(this.#words, this.#first + (place * AGENT_BYTES) / 4);
      if (word !== 0 && word !== current && this.#mayRead(place, thorough)) return false;
    }
    // Whether this exchange or that of another agent succeeds, the epoch has moved.
    Atomics.compareExchange(this.#words, HEADER.EPOCH, epoch, (epoch + 1) | 0);
    return true;
  }

  #mayRead(place: number, thorough: boolean): boolean {
    const id = this.#table.tenantAt(place);
    return id !== 0 && !(thorough && this.#table.isDead(id));
  }
}
