import { type Agent, EventCount, type Memory, MutexWord, withMutex } from '@multiproc/core';

/**
 * The words of a barrier. All but MUTEX and EVENTS are written by the holder of MUTEX alone, who
 * may die after any store and leaves nothing to repair.
 *
 * | word | value | to |
 * | --- | --- | --- |
 * | MUTEX | see `MutexWord` | |
 * | EVENTS | event count of everybody who waits here | |
 * | PARTIES | how many must arrive; written by the creator | |
 * | GENERATION | number of passages; moving it on is what lets a generation pass | + 1 |
 * | PHASE | FILLING: parties arrive | BROKEN, or RESETTING by `reset` |
 * | | BROKEN: who waits leaves, who arrives is refused | RESETTING by `reset` |
 * | | RESETTING: who waits leaves, who arrives waits until all have | FILLING, when every slot is 0; BROKEN by `abort` |
 * | ARRIVED | how many of generation ARRIVED_IN have arrived; storing it is the arrival | + 1; 0 for a new generation |
 * | ARRIVED_IN | the generation that ARRIVED counts; another than GENERATION: nobody has arrived | GENERATION |
 * | SLOTS (elsewhere) | one for each party: the id of the agent that arrived, by index | |
 * | | 0: it has left a generation that broke | |
 *
 * A passage needs no word from those who pass: GENERATION moves by passing alone, and a generation
 * that broke is not forgotten before all that waited in it have left. So a slow party always
 * learns what became of its own generation, however many have passed since.
 */
const MUTEX = 0;
const EVENTS = MUTEX + MutexWord.WORDS;
const PARTIES = EVENTS + EventCount.WORDS;
const GENERATION = PARTIES + 1;
const PHASE = PARTIES + 2;
const ARRIVED = PARTIES + 3;
const ARRIVED_IN = PARTIES + 4;

const FILLING = 0;
const BROKEN = 1;
const RESETTING = 2;

/** What became of a generation. */
export type Outcome = 'passed' | 'broken';

/** One arrival. */
export interface Place {
  /** The generation that it belongs to. */
  readonly generation: number;
  /** Order of arrival, from 0. */
  readonly index: number;
  /** Whether everybody is there now. */
  readonly isLast: boolean;
  /** Whether its own agent has given it up in a reset, before the call heard of that. */
  isLost: boolean;
}

/** The state of a barrier, and every change of it. */
export class BarrierState {
  /** Words of a barrier without its slots. */
  static readonly WORDS = ARRIVED_IN + 1;

  /** What is waited on here. */
  readonly events: EventCount;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #slots: number;
  readonly #agent: Agent;
  readonly #mutex: MutexWord;
  /** Places of this agent in the generation in which it arrived last. */
  readonly #places = new Set<Place>();

  /**
   * @param memory - the family's memory
   * @param index - index of the first of its words; all zero but PARTIES at first
   * @param slots - index of the first slot; as many as parties, all zero at first
   * @param agent - this agent
   */
  constructor(memory: Memory, index: number, slots: number, agent: Agent) {
    this.#words = memory.words;
    this.#index = index;
    this.#slots = slots;
    this.#agent = agent;
    this.#mutex = new MutexWord(memory, index + MUTEX, agent);
    this.events = new EventCount(memory, index + EVENTS);
  }

  /** Writes the words that are not 0 at first. */
  static initialise(words: Int32Array, index: number, parties: number): void {
    words[index + PARTIES] = parties;
  }

  /** How many must arrive. */
  get parties(): number {
    return this.#get(PARTIES);
  }

  /** Whether the barrier is broken; asks whether somebody who waits has died. */
  get isBroken(): boolean {
    this.#notice();
    return this.#get(PHASE) === BROKEN;
  }

  /** How many wait for the others; asks whether one of them has died. */
  get waiting(): number {
    this.#notice();
    return this.#get(PHASE) === FILLING ? this.#arrived() : 0;
  }

  /**
   * Arrives. The last one lets everybody pass, unless it shall run an action first.
   *
   * @param acts - whether there is an action: the last one calls `open` after it
   * @param thorough - ask the operating system whether those who stand in the way have died
   * @returns the place; `undefined` while there is none, because the last generation has not left
   *   or its action still runs; `null` when the barrier is broken
   */
  arrive(acts: boolean, thorough: boolean): Place | null | undefined {
    return this.#change(() => {
      this.#settle(thorough);
      if (this.#get(PHASE) === BROKEN) return null;
      if (this.#get(PHASE) === RESETTING) return undefined;
      const index = this.#arrived();
      if (index === this.parties) {
        if (!thorough || !this.#hasDead()) return undefined;
        this.#set(PHASE, BROKEN);
        return null;
      }
      const place = this.#takePlace(index);
      if (place.isLast) this.#fill(acts);
      return place;
    });
  }

  /**
   * What became of a place's generation; `undefined` while it waits. After 'broken', `leave` has the
   * last word: the generation may have passed in between, and a later one broken.
   */
  outcome(place: Place, thorough: boolean): Outcome | undefined {
    if (place.isLost) return 'broken';
    if (this.#hasPassed(place)) return 'passed';
    if (this.#get(PHASE) !== FILLING) return 'broken';
    if (!thorough || !this.#isNextDead(place)) return undefined;
    this.#breakDown(place);
    return this.outcome(place, false);
  }

  /** Lets a full generation pass; `false` when it broke before. */
  open(place: Place): boolean {
    return this.#change(() => {
      const isWhole = !this.#hasPassed(place) && this.#get(PHASE) === FILLING;
      if (isWhole) this.#set(GENERATION, (place.generation + 1) | 0);
      return isWhole;
    });
  }

  /**
   * Leaves, and breaks the generation if that still waits.
   *
   * @returns what became of the generation
   */
  leave(place: Place): Outcome {
    return this.#change(() => {
      if (place.isLost) return 'broken';
      if (this.#hasPassed(place)) return 'passed';
      if (this.#get(PHASE) === FILLING) this.#set(PHASE, BROKEN);
      Atomics.store(this.#words, this.#slots + place.index, 0);
      this.#places.delete(place);
      this.#settle(false);
      return 'broken';
    });
  }

  /** Breaks the barrier until it is reset. */
  abort(): void {
    this.#change(() => this.#set(PHASE, BROKEN));
  }

  /** Makes the barrier as new; a generation that waits is broken. */
  reset(): void {
    this.#change(() => {
      if (this.#get(PHASE) === FILLING && this.#arrived() === 0) return;
      this.#set(PHASE, RESETTING);
      this.#settle(true);
    });
  }

  /** Stores the arrival: dying before the last store, this agent has not arrived. */
  #takePlace(index: number): Place {
    const generation = this.#get(GENERATION);
    if (this.#get(ARRIVED_IN) !== generation) {
      // In this order, so that the count is never that of another generation.
      this.#set(ARRIVED, 0);
      this.#set(ARRIVED_IN, generation);
      this.#places.clear();
    }
    Atomics.store(this.#words, this.#slots + index, this.#agent.id);
    const place = { generation, index, isLast: index + 1 === this.parties, isLost: false };
    this.#places.add(place);
    this.#set(ARRIVED, index + 1);
    return place;
  }

  /** Everybody has arrived; whether they all still live is seen at the price of a few loads. */
  #fill(acts: boolean): void {
    if (this.#has((id) => this.#agent.isGone(id))) this.#set(PHASE, BROKEN);
    else if (!acts) this.#set(GENERATION, (this.#get(GENERATION) + 1) | 0);
  }

  /** Breaks the generation because a party has died. */
  #breakDown(place: Place): void {
    this.#change(() => {
      if (!this.#hasPassed(place) && this.#get(PHASE) === FILLING) this.#set(PHASE, BROKEN);
    });
  }

  #notice(): void {
    if (this.#get(PHASE) !== FILLING || this.#arrived() === 0) return;
    this.#change(() => {
      if (this.#get(PHASE) === FILLING && this.#hasDead()) this.#set(PHASE, BROKEN);
    });
  }

  /** Ends a reset when nobody is left of the generation that it broke. */
  #settle(thorough: boolean): void {
    if (this.#get(PHASE) !== RESETTING) return;
    const arrived = this.#arrived();
    for (let slot = this.#slots; slot < this.#slots + arrived; slot++) {
      const id = Atomics.load(this.#words, slot);
      // This agent's own calls find that their places are lost: they must not hold it up.
      const isLeft = id === this.#agent.id || this.#isDead(id, thorough);
      if (id !== 0 && isLeft) Atomics.store(this.#words, slot, 0);
    }
    for (const place of this.#places) place.isLost = true;
    this.#places.clear();
    if (this.#has((id) => id !== 0)) return;
    // In this order: the next generation begins with nobody.
    this.#set(ARRIVED, 0);
    this.#set(PHASE, FILLING);
  }

  #isDead(id: number, thorough: boolean): boolean {
    return this.#agent.isGone(id) || (thorough && this.#agent.isDead(id));
  }

  #hasDead(): boolean {
    return this.#has((id) => id !== this.#agent.id && this.#agent.isDead(id));
  }

  #has(test: (id: number) => boolean): boolean {
    const end = this.#slots + this.#arrived();
    for (let slot = this.#slots; slot < end; slot++) {
      if (test(Atomics.load(this.#words, slot))) return true;
    }
    return false;
  }

  /**
   * Whether the party after this one, in a ring, has died. Each looks at one other only; as long
   * as one lives and one is dead, some living one comes before a dead one.
   */
  #isNextDead(place: Place): boolean {
    // At least one, unless another generation has begun meanwhile.
    const next = (place.index + 1) % Math.max(this.#get(ARRIVED), 1);
    const id = Atomics.load(this.#words, this.#slots + next);
    return id !== 0 && id !== this.#agent.id && this.#agent.isDead(id);
  }

  #hasPassed(place: Place): boolean {
    return this.#get(GENERATION) !== place.generation;
  }

  #arrived(): number {
    return this.#get(ARRIVED_IN) === this.#get(GENERATION) ? this.#get(ARRIVED) : 0;
  }

  /** Changes the state, and wakes everybody when it may matter to them. */
  #change<Result>(action: () => Result): Result {
    let isChanged = false;
    const result = withMutex(this.#agent, this.#mutex, () => {
      const [generation, phase] = [this.#get(GENERATION), this.#get(PHASE)];
      const made = action();
      isChanged = this.#get(GENERATION) !== generation || this.#get(PHASE) !== phase;
      return made;
    });
    if (isChanged) this.events.wake(this.#agent, true);
    return result;
  }

  #get(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }
}
