import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkFunction,
  checkOptions,
  checkWaitOptions,
  type NameOptions,
} from '@multiproc/core';

/** Most parties of a barrier. */
const MAX_PARTIES = 2 ** 20;

/** Options of a {@link Barrier}. */
export interface BarrierOptions extends NameOptions {
  /** How many calls of `wait` make one passage. */
  parties: number;
  /**
   * Runs in one of the parties when all have arrived, before they are released. An exported
   * function, because any party may be the one. `waitSync` calls it too, so it may be asynchronous
   * only where every party awaits.
   */
  action?: (() => unknown) | undefined;
  /** Time-out of every `wait` that is given none, in milliseconds. Left out: for ever. */
  timeout?: number | undefined;
}

/**
 * Reads what a barrier's constructor was given.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function readBarrierOptions(options: number | BarrierOptions): BarrierOptions {
  const read = typeof options === 'number' ? { parties: options } : options;
  checkOptions(read);
  checkWaitOptions({ timeout: read.timeout });
  const { parties, action } = read;
  if (typeof parties !== 'number') {
    throw new ArgumentTypeError('options.parties', 'a number of parties', parties);
  }
  if (!Number.isInteger(parties) || parties < 1 || parties > MAX_PARTIES) {
    const expected = `an integer from 1 to ${MAX_PARTIES}`;
    throw new ArgumentRangeError('options.parties', expected, parties);
  }
  if (action !== undefined) checkFunction(action, 'options.action');
  return read;
}
