import { randomInt } from 'node:crypto';

/**
 * Random choices that can be made again: the seed is printed, and `MP_SEED` sets it.
 *
 * A seed repeats what the test chooses, not what the scheduler of the machine does with it.
 *
 * @example
 * ```ts
 * import { SeededRandom } from '@multiproc/testing';
 *
 * const random = new SeededRandom('kills', 42);
 * console.log(random.integer(0, 9) === new SeededRandom('kills', 42).integer(0, 9)); // → true
 * ```
 */
export class SeededRandom {
  /** What it was started with. */
  readonly seed: number;
  #state: number;

  /**
   * @param what - printed beside a seed that was not given, to tell several apart
   * @param seed - 32-bit integer; default `MP_SEED`, or a new one
   */
  constructor(what: string, seed?: number) {
    const wanted = seed ?? (process.env.MP_SEED ? Number(process.env.MP_SEED) : undefined);
    this.seed = (wanted ?? randomInt(2 ** 31)) | 0;
    this.#state = this.seed;
    if (seed === undefined) console.info(`${what}: MP_SEED=${this.seed}`);
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    // Mulberry32 (Tommy Ettinger).
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new RangeError('there is nothing to pick from');
    return values[this.integer(0, values.length - 1)] as Value;
  }

  /** The values in random order, as a new array. */
  shuffle<Value>(values: readonly Value[]): Value[] {
    const shuffled = [...values];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other] as Value, shuffled[last] as Value];
    }
    return shuffled;
  }
}
