import { inspect } from 'node:util';
import { brand } from './errors.js';
import type { WaitOptions } from './waiting/attempt.js';

function message(argument: string, expected: string, value: unknown): string {
  const shown = inspect(value, { depth: 0, maxStringLength: 60, breakLength: 1000 });
  return `${argument} must be ${expected}, but is ${shown}`;
}

/** An argument has the wrong type. A `TypeError` with the code `ERR_INVALID_ARG_TYPE`. */
export class ArgumentTypeError extends TypeError {
  /** Always `ERR_INVALID_ARG_TYPE`. */
  readonly code = 'ERR_INVALID_ARG_TYPE';

  /**
   * @param argument - name of the argument, for example `options.timeout`
   * @param expected - what it must be, for example `a number of milliseconds`
   * @param value - what it was
   */
  constructor(argument: string, expected: string, value: unknown) {
    super(message(argument, expected, value));
    brand(this);
  }
}

/** An argument has the right type and an impossible value. A `RangeError` with the code `ERR_OUT_OF_RANGE`. */
export class ArgumentRangeError extends RangeError {
  /** Always `ERR_OUT_OF_RANGE`. */
  readonly code = 'ERR_OUT_OF_RANGE';

  /**
   * @param argument - name of the argument, for example `maxsize`
   * @param expected - what it must be, for example `a positive integer`
   * @param value - what it was
   */
  constructor(argument: string, expected: string, value: unknown) {
    super(message(argument, expected, value));
    brand(this);
  }
}

/**
 * Checks an options object.
 *
 * @param options - what the caller passed
 * @param argument - its name in messages
 * @throws {@link ArgumentTypeError} when it is not an object
 */
export function checkOptions(options: unknown, argument = 'options'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ArgumentTypeError(argument, 'an object', options);
  }
}

/**
 * Checks the options that every waiting call takes, before anything is changed.
 *
 * @param options - what the caller passed
 * @throws {@link ArgumentTypeError} for a time-out that is no number, or a signal that is no AbortSignal
 * @throws {@link ArgumentRangeError} for NaN
 * @throws the signal's reason, when it is aborted already
 */
export function checkWaitOptions(options: WaitOptions): void {
  checkOptions(options);
  const { timeout, signal } = options;
  if (timeout !== undefined) {
    const expected = 'a number of milliseconds';
    if (typeof timeout !== 'number') {
      throw new ArgumentTypeError('options.timeout', expected, timeout);
    }
    if (Number.isNaN(timeout)) throw new ArgumentRangeError('options.timeout', expected, timeout);
  }
  if (signal !== undefined) {
    if (!(signal instanceof AbortSignal)) {
      throw new ArgumentTypeError('options.signal', 'an AbortSignal', signal);
    }
    signal.throwIfAborted();
  }
}

/**
 * Checks a callback.
 *
 * @param value - what the caller passed
 * @param argument - its name in messages
 * @throws {@link ArgumentTypeError} when it is not a function
 */
export function checkFunction(value: unknown, argument: string): void {
  if (typeof value !== 'function') throw new ArgumentTypeError(argument, 'a function', value);
}
