import { EventCount, type Memory, MutexWord } from '@multiproc/core';

/**
 * The words of a barrier. All but MUTEX and EVENTS are written by the holder of MUTEX alone, who
 * may die after any store and leaves nothing to repair. Others read GENERATION and PHASE only.
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
 * | ARRIVED_AT | when the first of them arrived, in ms | now |
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
/** See {@link BarrierWords}. */
export const GENERATION = PARTIES + 1;
/** See {@link BarrierWords}. */
export const PHASE = PARTIES + 2;
/** See {@link BarrierWords}. */
export const ARRIVED = PARTIES + 3;
/** See {@link BarrierWords}. */
export const ARRIVED_IN = PARTIES + 4;
/** See {@link BarrierWords}. */
export const ARRIVED_AT = PARTIES + 5;

/** A value of PHASE. */
export const FILLING = 0;
/** A value of PHASE. */
export const BROKEN = 1;
/** A value of PHASE. */
export const RESETTING = 2;

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
    return this.get(PARTIES);
  }

  /** How many have arrived in the generation of now; the caller holds MUTEX. */
  get arrived(): number {
    return this.get(ARRIVED_IN) === this.get(GENERATION) ? this.get(ARRIVED) : 0;
  }

  /** Reads a word; the caller holds MUTEX, so that nobody else changes it. */
  get(word: number): number {
    return this.#words[this.#index + word] as number;
  }

  /** Reads a word without MUTEX. */
  look(word: number): number {
    return Atomics.load(this.#words, this.#index + word);
  }

  /** Writes a word; the caller holds MUTEX. */
  set(word: number, value: number): void {
    Atomics.store(this.#words, this.#index + word, value);
  }

  /** The agent that arrived with this index, 0 when it has left; the caller holds MUTEX. */
  slot(index: number): number {
    return this.#words[this.#slots + index] as number;
  }

  /** Writes a slot; the caller holds MUTEX. */
  setSlot(index: number, id: number): void {
    Atomics.store(this.#words, this.#slots + index, id);
  }

  /** Whether a slot of those who have arrived is as `test` says; the caller holds MUTEX. */
  some(test: (id: number) => boolean): boolean {
    const { arrived } = this;
    for (let index = 0; index < arrived; index++) if (test(this.slot(index))) return true;
    return false;
  }
}
