import { type Agent, EventCount, type Memory, MutexWord, tryWithMutex } from '@multiproc/core';
import {
  BarrierWords,
  BROKEN,
  FILLING,
  following,
  generationOf,
  milliseconds,
  phaseOf,
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
  /** The generation in which this agent arrived last, and its places there. */
  #generation = 0;
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
    this.#notice();
    return phaseOf(this.#words.state) === BROKEN;
  }

  /** How many wait for the others; asks whether one of them has died. */
  get waiting(): number {
    this.#notice();
    // Loops only when the barrier has moved on in between, and the count may be of the next generation.
    for (;;) {
      const { state } = this.#words;
      const waiting = phaseOf(state) === FILLING ? this.#words.arrivedIn(state) : 0;
      if (this.#words.state === state) return waiting;
    }
  }

  /**
   * Arrives. The last one lets everybody pass, unless it shall run an action first.
   *
   * @param acts - whether there is an action: the last one calls `open` after it
   * @param thorough - ask the operating system whether those who stand in the way have died
   * @returns the place; `undefined` while there is none, because the last generation has not left,
   *   its action still runs, or somebody who arrives or resets is held up; `null` when the barrier
   *   is broken
   */
  arrive(acts: boolean, thorough: boolean): Place | null | undefined {
    const { state } = this.#words;
    if (phaseOf(state) === BROKEN) return null;
    return this.#tryWithMutex(state, () => this.#enter(acts, thorough));
  }

  /** What became of a place's generation; `undefined` while it waits. After 'broken', `leave` must follow. */
  outcome(place: Place, thorough: boolean): Outcome | undefined {
    if (place.isLost) return 'broken';
    const { state } = this.#words;
    if (generationOf(state) !== place.generation) return 'passed';
    if (state !== place.generation) return 'broken';
    if (!thorough) return undefined;
    this.#breakIfNextDead(place);
    return this.outcome(place, false);
  }

  /** Lets a full generation pass; `false` when it broke before, or does now. */
  open(place: Place): boolean {
    if (place.isLost || !this.#checkAlive(place.generation)) return false;
    return this.#move(place.generation, following(place.generation));
  }

  /**
   * Leaves, and breaks the generation if that still waits.
   *
   * @returns what became of the generation
   */
  leave(place: Place): Outcome {
    if (place.isLost) return 'broken';
    const isBroken = this.#move(place.generation, place.generation | BROKEN);
    // A generation that broke stays until its last place is given up.
    if (!isBroken && generationOf(this.#words.state) !== place.generation) return 'passed';
    this.#words.setSlot(place.index, 0);
    this.#places.delete(place);
    const { state } = this.#words;
    // When the lock cannot be had, those who wait to be let in end the reset.
    if (phaseOf(state) === RESETTING) this.#tryWithMutex(state, () => this.#settle(false));
    return 'broken';
  }

  /** Breaks the barrier until it is reset. */
  abort(): void {
    // Loops while others change the state in between.
    for (;;) {
      const { state } = this.#words;
      if (phaseOf(state) === BROKEN || this.#move(state, generationOf(state) | BROKEN)) return;
    }
  }

  /** Makes the barrier as new; a generation that waits is broken. */
  reset(): void {
    const { state } = this.#words;
    if (phaseOf(state) === FILLING && this.#words.arrivedIn(state) === 0) return;
    const resetting = generationOf(state) | RESETTING;
    if (state === resetting || this.#move(state, resetting)) {
      this.#tryWithMutex(resetting, () => this.#settle(true));
    } else {
      this.reset();
    }
  }

  #enter(acts: boolean, thorough: boolean): Place | null | undefined {
    const state = this.#settle(thorough);
    if (phaseOf(state) !== FILLING) return undefined;
    const index = this.#words.arrivedIn(state);
    if (index === this.parties) {
      if (!thorough || !this.#hasDead(state)) return undefined;
      return this.#words.move(state, state | BROKEN) ? null : undefined;
    }
    // Whether the generation breaks meanwhile or has just broken is all the same: `outcome` tells.
    const place = this.#takePlace(state, index);
    const mayPass = place.isLast && this.#checkAlive(state) && !acts;
    if (mayPass) this.#words.move(state, following(state));
    return place;
  }

  #takePlace(generation: number, index: number): Place {
    this.#words.arrive(generation, index, this.#agent.id);
    const place = { generation, index, isLast: index + 1 === this.parties, isLost: false };
    if (this.#generation !== generation) this.#places.clear();
    this.#generation = generation;
    this.#places.add(place);
    return place;
  }

  /** Breaks a full generation if somebody has died in it; `true` when it waits and nobody has. */
  #checkAlive(generation: number): boolean {
    if (this.#words.state !== generation) return false;
    if (!this.#lacksParty(generation)) return true;
    this.#move(generation, generation | BROKEN);
    return false;
  }

  /** Whether a party has died; those who have just arrived are not worth asking the system for. */
  #lacksParty(generation: number): boolean {
    const isLate = ((milliseconds() - this.#words.arrivedAt) | 0) > RECENT;
    return this.#words.some(generation, (id) => id !== this.#agent.id && this.#isDead(id, isLate));
  }

  /**
   * Breaks the generation if the party after this one, in a ring, has died. Each looks at one other
   * only; as long as one lives and one is dead, some living one comes before a dead one.
   */
  #breakIfNextDead({ generation, index }: Place): void {
    const isNewest = index + 1 >= this.#words.arrivedIn(generation);
    const id = this.#words.slot(isNewest ? 0 : index + 1);
    // The slot may be empty or another's by now: then the generation does not wait any more.
    if (id === this.#agent.id || !this.#agent.isDead(id)) return;
    this.#move(generation, generation | BROKEN);
  }

  #notice(): void {
    const { state } = this.#words;
    if (phaseOf(state) === FILLING && this.#hasDead(state)) this.#move(state, state | BROKEN);
  }

  /**
   * Ends a reset when nobody is left of the generation that it broke. The caller holds the lock.
   *
   * @returns what the state is then
   */
  #settle(thorough: boolean): number {
    const { state } = this.#words;
    if (phaseOf(state) !== RESETTING) return state;
    const generation = generationOf(state);
    const arrived = this.#words.arrivedIn(generation);
    let isEmpty = true;
    for (let index = 0; index < arrived; index++) {
      const id = this.#words.slot(index);
      // This agent's own calls find that their places are lost: they must not hold it up.
      if (id === this.#agent.id || this.#isDead(id, thorough)) this.#words.setSlot(index, 0);
      else if (id !== 0) isEmpty = false;
    }
    // Places of a generation that passed are nobody's loss, heard of or not.
    if (this.#generation === generation) for (const place of this.#places) place.isLost = true;
    this.#places.clear();
    // The exchange fails when the barrier has been aborted in between, and is broken then.
    return isEmpty && this.#words.move(state, following(state)) ? following(state) : state;
  }

  #isDead(id: number, thorough: boolean): boolean {
    return this.#agent.isGone(id) || (thorough && this.#agent.isDead(id));
  }

  #hasDead(generation: number): boolean {
    return this.#words.some(generation, (id) => id !== this.#agent.id && this.#agent.isDead(id));
  }

  /** Changes the state, unless it has changed already, and wakes everybody. */
  #move(from: number, to: number): boolean {
    const isMoved = this.#words.move(from, to);
    if (isMoved) this.events.wake(this.#agent, true);
    return isMoved;
  }

  /** Attempts something with the lock, and wakes everybody after its release if the state has changed. */
  #tryWithMutex<Result>(state: number, action: () => Result): Result | undefined {
    const result = tryWithMutex(this.#agent, this.#mutex, action);
    if (this.#words.state !== state) this.events.wake(this.#agent, true);
    return result;
  }
}
