import { threadId } from 'node:worker_threads';
import { FamilyError } from '../errors.js';
import { HEADER, MAX_AGENTS } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { type Identity, lookUp, ownThreadNumber } from './identity.js';
import type { Liveness } from './liveness.js';
import { bitOf, FILLING, idOf, NAME_BYTES, placeOf, SLOT, slotIndex } from './slot.js';

/** What a new agent's place is filled with. */
export interface Tenant {
  /** Id of the starter; 0 for one that joins by itself. */
  readonly parent: number;
  /** Bits of `FLAG`. */
  readonly flags: number;
  /** Shown in listings; the first 64 bytes count. */
  readonly name: string;
  /** Who the agent is, when that is known already: the calling thread, which joins by itself. */
  readonly identity?: Identity;
}

/** The table of agents in the arena: claiming places and reading them. See `slot.ts` for the words. */
export class AgentTable {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #liveness: Liveness;
  readonly #me: Identity;

  /**
   * @param memory - the family's memory
   * @param liveness - asks the operating system
   * @param me - the calling thread
   */
  constructor(memory: Memory, liveness: Liveness, me: Identity) {
    this.#words = memory.words;
    this.#bytes = memory.bytes;
    this.#liveness = liveness;
    this.#me = me;
  }

  /** Places ever used; all tenants are below. */
  get high(): number {
    return Atomics.load(this.#words, HEADER.AGENTS_HIGH);
  }

  /** Reads a word of an agent's place. */
  get(id: number, word: number): number {
    return Atomics.load(this.#words, this.#index(placeOf(id)) + word);
  }

  /** Writes a word of an agent's place. */
  set(id: number, word: number, value: number): void {
    Atomics.store(this.#words, this.#index(placeOf(id)) + word, value);
  }

  /** Replaces a word of an agent's place if it has the expected value. */
  exchange(id: number, word: number, expected: number, value: number): boolean {
    const index = this.#index(placeOf(id)) + word;
    return Atomics.compareExchange(this.#words, index, expected, value) === expected;
  }

  /** The tenant of a place, 0 when there is none. */
  tenantAt(place: number): number {
    return Atomics.load(this.#words, this.#index(place) + SLOT.ID);
  }

  /** Ids of all tenants whose bit is in `mask`. */
  *tenants(mask = -1): Generator<number> {
    const high = this.high;
    for (let place = 0; place < high; place++) {
      if ((bitOf(place) & mask) === 0) continue;
      const id = this.tenantAt(place);
      if (id !== 0) yield id;
    }
  }

  /** Whether the agent's place has been taken back. */
  isGone(id: number): boolean {
    return this.tenantAt(placeOf(id)) !== id;
  }

  /** Whether the agent has ended, asking the operating system. */
  isDead(id: number): boolean {
    if (this.isGone(id)) return true;
    const pid = this.get(id, SLOT.PID);
    if (pid === -1) return true;
    if (pid === 0) {
      // Not started yet: it comes to life only through its starter.
      const parent = this.get(id, SLOT.PARENT);
      // Without a parent, these words are a next tenant's who is being written this moment.
      if (parent === 0) return this.isGone(id);
      return this.isDead(parent) && this.exchange(id, SLOT.PID, 0, -1);
    }
    this.#liveness.prune((other) => this.isGone(other));
    const ended = this.#liveness.hasEnded(id, this.identityOf(id));
    // A place that changed hands while it was read says nothing about this tenant but that it left.
    return ended || this.isGone(id);
  }

  /** Who the agent is; meaningless before PID is set. */
  identityOf(id: number): Identity {
    return {
      pid: this.get(id, SLOT.PID),
      tid: this.get(id, SLOT.TID),
      startLow: this.get(id, SLOT.START_LOW),
      startHigh: this.get(id, SLOT.START_HIGH),
    };
  }

  /** The agent's name. */
  nameOf(id: number): string {
    const start = (this.#index(placeOf(id)) + SLOT.NAME) * 4;
    const bytes = this.#bytes.slice(start, start + NAME_BYTES);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /**
   * Takes a free place for an agent that is about to start. The caller dying before it is done
   * leaves a claim with a dead thread's number, which the next claimer takes over; so does a
   * reaper that dies before it has freed the place.
   *
   * @returns the new agent's id
   * @throws {@link FamilyError} when all places are taken
   */
  claim(tenant: Tenant): number {
    const filling = FILLING | ownThreadNumber(this.#me);
    for (let place = 0; place < MAX_AGENTS; place++) {
      const claim = this.#index(place) + SLOT.CLAIM;
      const value = Atomics.load(this.#words, claim);
      if (value !== 0 && !this.#isStale(place, value)) continue;
      if (Atomics.compareExchange(this.#words, claim, value, filling) !== value) continue;
      const id = this.#fill(place, tenant);
      // From the claimer's number to the tenant's, which never comes again: a reaper of an
      // earlier tenant that was held up must not take this one. By exchange, because a reaper of
      // this one may have been faster.
      Atomics.compareExchange(this.#words, claim, filling, id);
      return id;
    }
    throw new FamilyError(
      `the family has ${MAX_AGENTS} agents already: end some threads or processes first`,
    );
  }

  /** Writes who an agent is. `false` when its place was taken back before it came up. */
  identify(id: number, identity: Identity): boolean {
    if (this.isGone(id)) return false;
    this.#write(this.#index(placeOf(id)), identity);
    // Last: publishes the identity to isDead. By exchange, because a reaper may have been faster.
    return this.exchange(id, SLOT.PID, 0, identity.pid) || this.get(id, SLOT.PID) === identity.pid;
  }

  #fill(place: number, tenant: Tenant): number {
    const index = this.#index(place);
    const generation = Atomics.add(this.#words, index + SLOT.GENERATION, 1);
    for (let word = SLOT.ID; word < SLOT.NAME + NAME_BYTES / 4; word++) {
      Atomics.store(this.#words, index + word, 0);
    }
    Atomics.store(this.#words, index + SLOT.PARENT, tenant.parent);
    Atomics.store(this.#words, index + SLOT.FLAGS, tenant.flags);
    if (tenant.identity) {
      this.#write(index, tenant.identity);
      // Before ID: a thread that is terminated right after it has come is found by this number.
      Atomics.store(this.#words, index + SLOT.THREAD, threadId);
      Atomics.store(this.#words, index + SLOT.PID, tenant.identity.pid);
    }
    const name = new TextEncoder().encode(tenant.name).subarray(0, NAME_BYTES);
    this.#bytes.set(name, (index + SLOT.NAME) * 4);
    this.#raiseHigh(place + 1);
    const id = idOf(place, generation);
    // Publishes the place to everybody who looks tenants up.
    Atomics.store(this.#words, index + SLOT.ID, id);
    return id;
  }

  #raiseHigh(high: number): void {
    for (;;) {
      const before = this.high;
      if (before >= high) return;
      Atomics.compareExchange(this.#words, HEADER.AGENTS_HIGH, before, high);
    }
  }

  #write(index: number, identity: Identity): void {
    Atomics.store(this.#words, index + SLOT.TID, identity.tid);
    Atomics.store(this.#words, index + SLOT.START_LOW, identity.startLow);
    Atomics.store(this.#words, index + SLOT.START_HIGH, identity.startHigh);
  }

  /** Whether a place without a tenant was left behind by a claimer or a reaper that died. */
  #isStale(place: number, claim: number): boolean {
    if (this.tenantAt(place) !== 0) return false;
    const isDead = claim < 0 ? this.isDead(-claim) : this.#isDeadClaimer(claim);
    // Looked at again: it may have named a tenant before it died.
    return isDead && this.tenantAt(place) === 0;
  }

  #isDeadClaimer(claim: number): boolean {
    const tid = claim & ~FILLING;
    if ((claim & FILLING) === 0 || this.#me.tid === 0 || tid === this.#me.tid) return false;
    // A thread of another process is found in the directory of its own number, too.
    return lookUp(tid, tid) === 'ended';
  }

  #index(place: number): number {
    return slotIndex(this.#words, place);
  }
}
