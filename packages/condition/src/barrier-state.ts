import { type Agent, EventCount, type Memory, MutexWord, withMutex } from '@multiproc/core';
import {
  ARRIVED,
  ARRIVED_AT,
  ARRIVED_IN,
  BarrierWords,
  BROKEN,
  FILLING,
  GENERATION,
  PHASE,
  RESETTING,
} from './barrier-words.js';

/**
 * How long parties may wait for each other before it is asked whether all of them still live, in
 * milliseconds. Asking takes microseconds for each; within this time, a party that dies may count
 * as one that has passed.
 */
const RECENT = 10;

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
  /** What is waited on here. */
  readonly events: EventCount;
  readonly #words: BarrierWords;
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
    this.#words = new BarrierWords(memory, index, slots);
    this.#agent = agent;
    this.#mutex = new MutexWord(memory, this.#words.mutex, agent);
    this.events = new EventCount(memory, this.#words.events);
  }

  /** How many must arrive. */
  get parties(): number {
    return this.#words.parties;
  }

  /** Whether the barrier is broken; asks whether somebody who waits has died. */
  get isBroken(): boolean {
    return this.#change(() => {
      this.#notice();
      return this.#words.get(PHASE) === BROKEN;
    });
  }

  /** How many wait for the others; asks whether one of them has died. */
  get waiting(): number {
    return this.#change(() => {
      this.#notice();
      return this.#words.get(PHASE) === FILLING ? this.#words.arrived : 0;
    });
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
      if (this.#words.get(PHASE) === BROKEN) return null;
      if (this.#words.get(PHASE) === RESETTING) return undefined;
      const index = this.#words.arrived;
      if (index === this.parties) {
        if (!thorough || !this.#hasDead()) return undefined;
        this.#words.set(PHASE, BROKEN);
        return null;
      }
      const place = this.#takePlace(index);
      if (place.isLast && this.#checkAlive() && !acts) this.#pass();
      return place;
    });
  }

  /**
   * What became of a place's generation; `undefined` while it waits. After 'broken', `leave` has the
   * last word: the generation may have passed in between, and a later one broken.
   */
  outcome(place: Place, thorough: boolean): Outcome | undefined {
    if (place.isLost) return 'broken';
    if (this.#words.look(GENERATION) !== place.generation) return 'passed';
    if (this.#words.look(PHASE) !== FILLING) return 'broken';
    if (!thorough) return undefined;
    this.#breakIfNextDead(place);
    return this.outcome(place, false);
  }

  /** Lets a full generation pass; `false` when it broke before, or does now. */
  open(place: Place): boolean {
    return this.#change(() => {
      if (this.#hasPassed(place) || this.#words.get(PHASE) !== FILLING) return false;
      const isWhole = this.#checkAlive();
      if (isWhole) this.#pass();
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
      if (this.#words.get(PHASE) === FILLING) this.#words.set(PHASE, BROKEN);
      this.#words.setSlot(place.index, 0);
      this.#places.delete(place);
      this.#settle(false);
      return 'broken';
    });
  }

  /** Breaks the barrier until it is reset. */
  abort(): void {
    this.#change(() => this.#words.set(PHASE, BROKEN));
  }

  /** Makes the barrier as new; a generation that waits is broken. */
  reset(): void {
    this.#change(() => {
      if (this.#words.get(PHASE) === FILLING && this.#words.arrived === 0) return;
      this.#words.set(PHASE, RESETTING);
      this.#settle(true);
    });
  }

  /** Stores the arrival: dying before the last store, this agent has not arrived. */
  #takePlace(index: number): Place {
    const generation = this.#words.get(GENERATION);
    if (this.#words.get(ARRIVED_IN) !== generation) {
      // In this order, so that the count is never that of another generation.
      this.#words.set(ARRIVED, 0);
      this.#words.set(ARRIVED_IN, generation);
      this.#places.clear();
    }
    this.#words.setSlot(index, this.#agent.id);
    const place = { generation, index, isLast: index + 1 === this.parties, isLost: false };
    this.#places.add(place);
    if (index === 0) this.#words.set(ARRIVED_AT, milliseconds());
    this.#words.set(ARRIVED, index + 1);
    return place;
  }

  #pass(): void {
    this.#words.set(GENERATION, (this.#words.get(GENERATION) + 1) | 0);
  }

  /** Breaks a full generation if somebody has died in it; `true` when not. */
  #checkAlive(): boolean {
    const isAlive = !this.#lacksParty();
    if (!isAlive) this.#words.set(PHASE, BROKEN);
    return isAlive;
  }

  /** Whether a party has died; those who have just arrived are not worth asking the system for. */
  #lacksParty(): boolean {
    const isLate = ((milliseconds() - this.#words.get(ARRIVED_AT)) | 0) > RECENT;
    return this.#words.some((id) => id !== this.#agent.id && this.#isDead(id, isLate));
  }

  /**
   * Breaks the generation if the party after this one, in a ring, has died. Each looks at one other
   * only; as long as one lives and one is dead, some living one comes before a dead one.
   */
  #breakIfNextDead(place: Place): void {
    this.#change(() => {
      if (this.#hasPassed(place) || this.#words.get(PHASE) !== FILLING) return;
      const id = this.#words.slot((place.index + 1) % this.#words.arrived);
      if (id !== this.#agent.id && this.#agent.isDead(id)) this.#words.set(PHASE, BROKEN);
    });
  }

  #notice(): void {
    if (this.#words.get(PHASE) === FILLING && this.#hasDead()) this.#words.set(PHASE, BROKEN);
  }

  /** Ends a reset when nobody is left of the generation that it broke. */
  #settle(thorough: boolean): void {
    if (this.#words.get(PHASE) !== RESETTING) return;
    const { arrived } = this.#words;
    for (let index = 0; index < arrived; index++) {
      const id = this.#words.slot(index);
      // This agent's own calls find that their places are lost: they must not hold it up.
      const isLeft = id === this.#agent.id || this.#isDead(id, thorough);
      if (id !== 0 && isLeft) this.#words.setSlot(index, 0);
    }
    for (const place of this.#places) place.isLost = true;
    this.#places.clear();
    if (this.#words.some((id) => id !== 0)) return;
    // In this order: the next generation begins with nobody.
    this.#words.set(ARRIVED, 0);
    this.#words.set(PHASE, FILLING);
  }

  #isDead(id: number, thorough: boolean): boolean {
    return this.#agent.isGone(id) || (thorough && this.#agent.isDead(id));
  }

  #hasDead(): boolean {
    return this.#words.some((id) => id !== this.#agent.id && this.#agent.isDead(id));
  }

  #hasPassed(place: Place): boolean {
    return this.#words.get(GENERATION) !== place.generation;
  }

  /** Changes the state, and wakes everybody when it may matter to them. */
  #change<Result>(action: () => Result): Result {
    let isChanged = false;
    const result = withMutex(this.#agent, this.#mutex, () => {
      const [generation, phase] = [this.#words.get(GENERATION), this.#words.get(PHASE)];
      const made = action();
      isChanged = this.#words.get(GENERATION) !== generation || this.#words.get(PHASE) !== phase;
      return made;
    });
    if (isChanged) this.events.wake(this.#agent, true);
    return result;
  }
}

/** A clock that all processes of the machine share. */
function milliseconds(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) | 0;
}
