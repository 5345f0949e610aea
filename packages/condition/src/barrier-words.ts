import { EventCount, type Memory, MutexWord } from '@multiproc/core';

/**
 * The words of a barrier.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | MUTEX | held by who arrives, and to end a reset; see `MutexWord` | | |
 * | EVENTS | event count of everybody who waits here | | |
 * | PARTIES | how many must arrive | the creator | |
 * | STATE | generation + FILLING: parties arrive | the last party, by compare-exchange | next generation + FILLING |
 * | | | anybody, by compare-exchange | + BROKEN; + RESETTING by `reset` |
 * | | generation + BROKEN: who waits leaves, who arrives is refused | `reset`, by compare-exchange | + RESETTING |
 * | | generation + RESETTING: who waits leaves, who arrives waits until all have | `abort`, by compare-exchange | + BROKEN |
 * | | | the holder of MUTEX when every slot is 0, by compare-exchange | next generation + FILLING |
 * | ARRIVED | how many have arrived in generation ARRIVED_IN; storing it is the arrival | the holder of MUTEX | + 1; 0 for a new generation |
 * | ARRIVED_IN | the generation that ARRIVED counts; another than that of STATE: nobody has arrived | the holder of MUTEX | generation of STATE |
 * | ARRIVED_AT | when the first of them arrived, in ms | the holder of MUTEX | now |
 * | SLOTS (elsewhere) | one for each party: the id of the agent that arrived, by index | the holder of MUTEX, before ARRIVED | own id |
 * | | | that agent when it leaves a generation that broke; the holder of MUTEX when it is dead | 0 |
 *
 * Everything may stop after any store, for ever or for a while, and leaves nothing to repair. One
 * exchange of STATE decides whether a generation passes or breaks, so nobody needs MUTEX to give
 * up, to abort, or to find out. A generation that broke is not over before all that waited in it
 * have left, and one that passed never comes again: so a slow party always learns what became of
 * its own, however many have passed since, and an exchange never meets another than it was meant for.
 */
const MUTEX = 0;
const EVENTS = MUTEX + MutexWord.WORDS;
const PARTIES = EVENTS + EventCount.WORDS;
const STATE = PARTIES + 1;
const ARRIVED = PARTIES + 2;
const ARRIVED_IN = PARTIES + 3;
const ARRIVED_AT = PARTIES + 4;

/** Part of STATE that tells the phase. */
const PHASE = 3;
/** A phase. */
export const FILLING = 0;
/** A phase. */
export const BROKEN = 1;
/** A phase. */
export const RESETTING = 2;

/** The phase that a STATE tells. */
export function phaseOf(state: number): number {
  return state & PHASE;
}

/** The generation that a STATE tells: what STATE is while that fills. */
export function generationOf(state: number): number {
  return state & ~PHASE;
}

/** The generation after that of a STATE; they count modulo 2³⁰. */
export function following(state: number): number {
  return (generationOf(state) + PHASE + 1) | 0;
}

/** A clock that all processes of the machine share. */
export function milliseconds(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) | 0;
}

/** The words of one barrier; the table above says what they mean. */
export class BarrierWords {
  /** Words of a barrier without its slots. */
  static readonly WORDS = ARRIVED_AT + 1;

  readonly #words: Int32Array;
  readonly #index: number;
  readonly #slots: number;

  /**
   * @param memory - the family's memory
   * @param index - index of the first word
   * @param slots - index of the first slot
   */
  constructor(memory: Memory, index: number, slots: number) {
    this.#words = memory.words;
    this.#index = index;
    this.#slots = slots;
  }

  /** Writes the words that are not 0 at first. */
  static initialise(words: Int32Array, index: number, parties: number): void {
    words[index + PARTIES] = parties;
  }

  /** How many must arrive, before there are objects. */
  static partiesOf(words: Int32Array, index: number): number {
    return words[index + PARTIES] as number;
  }

  /** Index of the first word of MUTEX. */
  get mutex(): number {
    return this.#index + MUTEX;
  }

  /** Index of the first word of EVENTS. */
  get events(): number {
    return this.#index + EVENTS;
  }

  /** How many must arrive. */
  get parties(): number {
    return this.#look(PARTIES);
  }

  /** STATE as it is now. */
  get state(): number {
    return this.#look(STATE);
  }

  /** When the first of a generation arrived. */
  get arrivedAt(): number {
    return this.#look(ARRIVED_AT);
  }

  /** Changes STATE, unless it has changed already. */
  move(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.#index + STATE, from, to) === from;
  }

  /** How many have arrived in a generation; means nothing when STATE tells another one afterwards. */
  arrivedIn(generation: number): number {
    // In this order: see `arrive`.
    return this.#look(ARRIVED_IN) === generation ? this.#look(ARRIVED) : 0;
  }

  /** Stores an arrival. The caller holds MUTEX; dying before the last store, it has not arrived. */
  arrive(generation: number, index: number, id: number): void {
    if (index === 0) {
      // In this order, so that the count is never that of another generation.
      this.#set(ARRIVED, 0);
      this.#set(ARRIVED_IN, generation);
      this.#set(ARRIVED_AT, milliseconds());
    }
    this.setSlot(index, id);
    // Last: publishes the slot and ARRIVED_AT to whoever counts it.
    this.#set(ARRIVED, index + 1);
  }

  /** The agent that arrived with this index, 0 when it has left. */
  slot(index: number): number {
    return Atomics.load(this.#words, this.#slots + index);
  }

  /** Writes a slot. */
  setSlot(index: number, id: number): void {
    Atomics.store(this.#words, this.#slots + index, id);
  }

  /** Whether a slot of those who have arrived in a generation is as `test` says. */
  some(generation: number, test: (id: number) => boolean): boolean {
    const arrived = this.arrivedIn(generation);
    for (let index = 0; index < arrived; index++) if (test(this.slot(index))) return true;
    return false;
  }

  #look(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }
}
