/**
 * What `performance.now()` is behind the system's monotonic clock in this thread, in milliseconds:
 * each thread counts from its own start.
 */
const BEHIND = measure();

function measure(): number {
  // The first use of either loads it, which takes milliseconds.
  performance.now();
  process.hrtime.bigint();
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

/** Microseconds of the system's monotonic clock, modulo 2³², as a signed word; alike in all agents. */
export function clock(): number {
  return (((performance.now() + BEHIND) * 1000) % 2 ** 32) | 0;
}

/** Microseconds between two readings, at most 35 minutes apart. */
export function between(earlier: number, later: number): number {
  return (later - earlier) | 0;
}
