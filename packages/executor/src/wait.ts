import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkWaitOptions,
  type WaitOptions,
} from '@multiproc/core';
import { Future } from './future.js';
import { waitUntil } from './wait-until.js';

/** {@link wait} returns when any future is over. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED';

/** {@link wait} returns when any future has an error, or all are over. */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION';

/** {@link wait} returns when all futures are over. */
export const ALL_COMPLETED = 'ALL_COMPLETED';

const CHOICES = [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED] as const;

/** When {@link wait} returns. */
export type ReturnWhen = (typeof CHOICES)[number];

/** Options of {@link wait}: `timeout` in milliseconds, `signal`, and what is waited for. */
export interface FutureWaitOptions extends WaitOptions {
  /** `ALL_COMPLETED` when left out. */
  returnWhen?: ReturnWhen | undefined;
}

/** What {@link wait} gives. */
export interface WaitResult<F> {
  /** The futures that are over: finished or cancelled. */
  readonly done: Set<F>;
  /** The others. */
  readonly notDone: Set<F>;
}

/**
 * Waits for several futures, of any executors.
 *
 * Python counterpart: `concurrent.futures.wait`. A future that was cancelled without an executor counts as
 * over after `setRunningOrNotifyCancel()`, as there.
 *
 * @param futures - one that is given twice counts once
 * @param options - see {@link FutureWaitOptions}
 * @returns which are over and which are not, also after the time-out
 * @throws ArgumentTypeError, ArgumentRangeError naming the argument; the signal's reason
 *
 * @example
 * ```ts
 * import { FIRST_COMPLETED, Future, wait } from '@multiproc/executor';
 *
 * const futures = [new Future<string>(), new Future<string>()];
 * futures[0]?.setResult('here');
 * const { done, notDone } = await wait(futures, { returnWhen: FIRST_COMPLETED });
 * console.log(done.size, notDone.size); // → 1 1
 * ```
 */
export async function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: FutureWaitOptions = {},
): Promise<WaitResult<F>> {
  const all = readFutures(futures);
  checkWaitOptions(options);
  const { returnWhen = ALL_COMPLETED, ...limits } = options;
  if (!CHOICES.includes(returnWhen)) {
    throw new ArgumentRangeError('options.returnWhen', CHOICES.join(' or '), returnWhen);
  }
  await waitUntil(...progressOf(all, returnWhen), limits);
  return {
    done: new Set([...all].filter((future) => future.isOver)),
    notDone: new Set([...all].filter((future) => !future.isOver)),
  };
}

/** When to stop, and how to hear of it; by counting, so that many futures cost no more than each once. */
function progressOf(
  all: ReadonlySet<Future<unknown>>,
  returnWhen: ReturnWhen,
): [() => boolean, (look: () => void) => () => void] {
  const open = new Set([...all].filter((future) => !future.isOver));
  let hasFailed = [...all].some((future) => future.hasFailed);
  const isOver = () => {
    if (open.size === 0) return true;
    if (returnWhen === FIRST_COMPLETED) return open.size < all.size;
    return returnWhen === FIRST_EXCEPTION && hasFailed;
  };
  const listen = (look: () => void) => {
    const stops = [...open].map((future) =>
      future.listen(() => {
        if (!future.isOver) return;
        open.delete(future);
        hasFailed ||= future.hasFailed;
        look();
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  };
  return [isOver, listen];
}

/**
 * The futures that a caller passed, each once.
 *
 * @throws ArgumentTypeError
 */
export function readFutures<F extends Future<unknown>>(futures: Iterable<F>): Set<F> {
  const isIterable = typeof futures === 'object' && futures !== null && Symbol.iterator in futures;
  if (!isIterable) throw new ArgumentTypeError('futures', 'an iterable of futures', futures);
  const all = new Set(futures);
  for (const one of all) {
    if (!(one instanceof Future)) throw new ArgumentTypeError('futures', 'futures only', one);
  }
  return all;
}
