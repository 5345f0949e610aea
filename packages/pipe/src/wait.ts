import {
  AnyEvent,
  ArgumentRangeError,
  ArgumentTypeError,
  block,
  checkWaitOptions,
  currentFamily,
  type EventCount,
  type WaitOptions,
} from '@multiproc/core';
import type { Connection } from './connection.js';
import { NO_OPTIONS } from './options.js';
import { type SentinelLike, type Source, sourceOf, type Waitable } from './sources.js';

/** Longest delay of a Node timer; longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How often a blocking wait looks at a sentinel, which nobody announces, in milliseconds. */
const SENTINEL_PAUSE = 5;

/**
 * Waits until at least one of several things is ready: a connection that can be received from
 * without waiting (a message, or the end of messages), a process that has ended, a socket with data
 * or at its end. Nothing is taken from any of them.
 *
 * Python counterpart: `multiprocessing.connection.wait`. Differences: a socket is a Node stream,
 * which is paused meanwhile; an empty list needs a time-out, for it would wait for ever.
 *
 * @param things - connections, sentinels (`process.sentinel`), sockets
 * @param options - `timeout` in milliseconds, `signal`
 * @returns those that are ready, in the order in which they were given; an empty array after the
 *   time-out. With `timeout: 0` it looks once
 * @throws ArgumentTypeError, ArgumentRangeError for other things and impossible options
 * @throws ConnectionClosedError, ConnectionDirectionError for a connection that cannot be read
 * @throws the signal's reason
 *
 * @example
 * ```ts
 * import { Pipe, wait } from '@multiproc/pipe';
 *
 * const [a, b] = Pipe();
 * const [c, d] = Pipe();
 * await d.send('news');
 * const ready = await wait([a, c]);
 * console.log(ready.length, ready[0] === c); // → 1 true
 * ```
 */
export async function wait<Thing extends Waitable>(
  things: Iterable<Thing>,
  options: WaitOptions = NO_OPTIONS,
): Promise<Thing[]> {
  const { list, sources } = watchAll(things, options);
  try {
    // A socket learns in the event loop what has arrived.
    if (sources.some(({ needsLoop }) => needsLoop)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const end = performance.now() + (options.timeout ?? Number.POSITIVE_INFINITY);
    for (;;) {
      const early = readyOf(list, sources, false);
      if (early.length > 0) return early;
      const left = end - performance.now();
      if (left <= 0) return readyOf(list, sources, true);
      // Loops because another agent may take what was ready.
      await untilAny(sources, left, options.signal);
    }
  } finally {
    for (const source of sources) source.release?.();
  }
}

/**
 * The blocking twin of {@link wait}, for connections and sentinels; sockets need the event loop. The
 * end of a process is noticed within some milliseconds.
 *
 * @param things - connections, sentinels
 * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
 * @returns those that are ready, in the order in which they were given; an empty array after the
 *   time-out. With `timeout: 0` it looks once
 * @throws as {@link wait}; ArgumentTypeError for a socket
 *
 * @example
 * ```ts
 * import { Pipe, waitSync } from '@multiproc/pipe';
 *
 * const [a, b] = Pipe();
 * console.log(waitSync([a], { timeout: 1 })); // → []
 * b.sendSync('news');
 * console.log(waitSync([a])[0] === a); // → true
 * ```
 */
export function waitSync<Thing extends Connection | SentinelLike>(
  things: Iterable<Thing>,
  options: WaitOptions = NO_OPTIONS,
): Thing[] {
  const { list, sources } = watchAll(things, options);
  const loop = sources.findIndex(({ needsLoop }) => needsLoop);
  if (loop >= 0) {
    sources[loop]?.release?.();
    throw new ArgumentTypeError(
      `things[${loop}]`,
      'a connection or a sentinel: a socket needs the event loop, so use the awaiting form',
      list[loop],
    );
  }
  const events = sources.map((source) => source.events).filter((each) => each !== undefined);
  return waitBlocking(list, sources, events as EventCount[], options);
}

function waitBlocking<Thing>(
  list: readonly Thing[],
  sources: readonly Source[],
  events: readonly EventCount[],
  options: WaitOptions,
): Thing[] {
  const { agent, memory } = currentFamily();
  const looks = events.length < sources.length;
  const any = new AnyEvent(memory, agent, events, looks ? SENTINEL_PAUSE : undefined);
  const attempt = {
    take(thorough: boolean): Thing[] | undefined {
      const ready = readyOf(list, sources, thorough || looks);
      return ready.length > 0 ? ready : undefined;
    },
  };
  try {
    return block(agent, any, attempt, options) ?? [];
  } finally {
    any.finish();
  }
}

function watchAll<Thing>(
  things: Iterable<Thing>,
  options: WaitOptions,
): { readonly list: readonly Thing[]; readonly sources: readonly Source[] } {
  checkWaitOptions(options);
  if (typeof things !== 'object' || things === null || !(Symbol.iterator in things)) {
    throw new ArgumentTypeError('things', 'an array of connections, sentinels or sockets', things);
  }
  const list = [...things];
  const { timeout } = options;
  if (list.length === 0 && (timeout === undefined || timeout === Number.POSITIVE_INFINITY)) {
    throw new ArgumentRangeError(
      'things',
      'not empty without a time-out, which would be for ever',
      list,
    );
  }
  const sources: Source[] = [];
  try {
    for (const [position, thing] of list.entries()) {
      sources.push(sourceOf(thing, `things[${position}]`));
    }
  } catch (error) {
    for (const source of sources) source.release?.();
    throw error;
  }
  return { list, sources };
}

function readyOf<Thing>(
  list: readonly Thing[],
  sources: readonly Source[],
  thorough: boolean,
): Thing[] {
  return list.filter((_, position) => (sources[position] as Source).isReady(thorough));
}

/** Waits until one of the sources may be ready, the time has passed, or the signal is aborted. */
async function untilAny(
  sources: readonly Source[],
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    const waits = sources.map((source) => source.until(stop.signal));
    waits.push(
      new Promise((resolve, reject) => {
        timer = setTimeout(resolve, Math.min(Math.ceil(milliseconds), LONGEST_TIMER));
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
      }),
    );
    await Promise.race(waits);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    // Ends the waits that have not ended; nobody listens to them any more.
    stop.abort();
  }
}
