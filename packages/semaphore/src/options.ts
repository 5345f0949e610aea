import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  type NameOptions,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';

/** Options of {@link Semaphore}. */
export interface SemaphoreOptions extends NameOptions {
  /** How many permits there are at first, 0 to 2³⁰ − 1. Default: 1. */
  value?: number | undefined;
}

/** Options of {@link BoundedSemaphore}. */
export interface BoundedSemaphoreOptions extends SemaphoreOptions {
  /**
   * Whether permits belong to the agent that acquired them: they come back when it dies or ends,
   * and only it may release them. At most 1024 permits. Default: `false`.
   */
  recover?: boolean | undefined;
}

/** Options of calls that acquire. */
export interface AcquireOptions extends WaitOptions {
  /** How many permits to acquire, all or none. Default: 1. */
  permits?: number | undefined;
}

/** {@link AcquireOptions} without a time-out: the call ends with a hold, or throws. */
export interface UntimedAcquireOptions extends UntimedOptions {
  /** How many permits to acquire, all or none. Default: 1. */
  permits?: number | undefined;
}

/** Refuses what is no whole number from `least` to `most`. */
export function checkWhole(value: unknown, argument: string, least: number, most: number): void {
  const expected = `a whole number from ${least} to ${most}`;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ArgumentRangeError(argument, expected, value);
  }
}

/**
 * What a constructor was given, as options: a number stands for the value, as in Python.
 *
 * @param given - options or a number
 * @param most - most permits that there may be
 */
export function readOptions<Options extends SemaphoreOptions>(
  given: Options | number,
  most: number,
): Options & { value: number } {
  const options = typeof given === 'number' ? ({ value: given } as Options) : given;
  checkOptions(options);
  const { value = 1 } = options;
  checkWhole(value, 'value', 0, most);
  return { ...options, value };
}
