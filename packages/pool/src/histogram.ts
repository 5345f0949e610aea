/** Buckets for each doubling of a value: neighbours differ by 12 %. */
const STEPS = 8;
const BUCKETS = 48 * STEPS;

/** A summary of a histogram. Times are milliseconds. */
export interface HistogramSummary {
  /** How many were counted. */
  readonly count: number;
  /** The shortest. */
  readonly min: number;
  /** The longest. */
  readonly max: number;
  /** The average. */
  readonly mean: number;
  /** Half of them were not longer. */
  readonly p50: number;
  /** Nine in ten were not longer. */
  readonly p90: number;
  /** All but one in a hundred were not longer. */
  readonly p99: number;
}

/** Counts times by size, for a few nanoseconds each; percentiles are exact to about 12 %. */
export class Histogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Counts one time, in microseconds. */
  record(microseconds: number): void {
    const value = microseconds < 1 ? 1 : microseconds;
    const bucket = Math.min(BUCKETS - 1, (Math.log2(value) * STEPS) | 0);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** What has been counted so far. */
  summary(): HistogramSummary {
    const count = this.#count;
    return {
      count,
      min: count === 0 ? 0 : this.#min / 1000,
      max: this.#max / 1000,
      mean: count === 0 ? 0 : this.#sum / count / 1000,
      p50: this.#percentile(0.5),
      p90: this.#percentile(0.9),
      p99: this.#percentile(0.99),
    };
  }

  #percentile(share: number): number {
    let left = this.#count * share;
    if (left === 0) return 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#buckets[bucket] as number;
      if (left <= 0) return Math.min(2 ** ((bucket + 1) / STEPS), this.#max) / 1000;
    }
    return this.#max / 1000;
  }
}
