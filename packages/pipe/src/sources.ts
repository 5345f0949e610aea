import { ArgumentTypeError, type EventCount } from '@multiproc/core';
import { Connection } from './connection.js';
import { ConnectionClosedError } from './errors.js';
import { CLOSED } from './outcomes.js';

/** Becomes ready once and stays so: the `sentinel` of a process, for example. */
export interface SentinelLike {
  /** Whether it is ready now. */
  readonly ready: boolean;
  /** Waits until it is ready. */
  wait(options: { signal: AbortSignal }): Promise<unknown>;
}

/** A Node stream that is read, such as a `net.Socket`. */
export interface SocketLike {
  /** How many bytes, or objects, can be read at once. */
  readonly readableLength: number;
  /** Whether its end was read. */
  readonly readableEnded: boolean;
  /** Whether it was destroyed. */
  readonly destroyed: boolean;
  /** Adds a listener. */
  on(event: string, listener: () => void): unknown;
  /** Removes it. */
  off(event: string, listener: () => void): unknown;
}

/** What `wait` can wait for. */
export type Waitable = Connection | SentinelLike | SocketLike;

/** One of the things that a wait waits for. */
export interface Source {
  /** What a blocking wait waits on; without it, somebody has to look every few milliseconds. */
  readonly events?: EventCount;
  /** Whether only the event loop sees when it becomes ready. */
  readonly needsLoop?: boolean;
  /**
   * Whether it is ready.
   *
   * @param thorough - also look for what nobody has announced
   */
  isReady(thorough: boolean): boolean;
  /** Waits until it may be ready; rejects with the signal's reason. */
  until(signal: AbortSignal): Promise<unknown>;
  /** Gives back what was kept in order to watch it. */
  release?(): void;
}

/** A stream tells with these that there is something to read, or that nothing will come. */
const SOCKET_EVENTS = ['readable', 'end', 'close', 'error'];

/**
 * What stands behind a thing that the user waits for.
 *
 * @throws ArgumentTypeError when it is nothing that can be waited for
 * @throws ConnectionClosedError, ConnectionDirectionError for a connection that cannot be read
 */
export function sourceOf(thing: unknown, argument: string): Source {
  if (thing instanceof Connection) return connectionSource(thing);
  if (has<SocketLike>(thing, 'readableLength', 'on', 'off')) return socketSource(thing);
  if (has<SentinelLike>(thing, 'ready', 'wait')) return sentinelSource(thing);
  throw new ArgumentTypeError(argument, 'a connection, a sentinel or a socket', thing);
}

function has<Thing>(thing: unknown, ...keys: string[]): thing is Thing {
  return typeof thing === 'object' && thing !== null && keys.every((key) => key in thing);
}

function connectionSource(connection: Connection): Source {
  const { events, attempt } = connection.watch();
  return {
    events,
    isReady(thorough) {
      const outcome = attempt.take(thorough);
      if (outcome !== CLOSED) return outcome === true;
      throw new ConnectionClosedError(
        'waiting is not possible: this agent has closed one of the connections',
      );
    },
    until: (signal) => connection.poll({ signal, timeout: Number.POSITIVE_INFINITY }),
  };
}

function sentinelSource(sentinel: SentinelLike): Source {
  return {
    isReady: () => sentinel.ready,
    until: (signal) => sentinel.wait({ signal }),
  };
}

function socketSource(socket: SocketLike): Source {
  let hasSpoken = false;
  let tell = (): void => {};
  const spoken = new Promise<void>((resolve) => {
    tell = () => {
      hasSpoken = true;
      resolve();
    };
  });
  for (const event of SOCKET_EVENTS) socket.on(event, tell);
  return {
    needsLoop: true,
    isReady: () =>
      hasSpoken || socket.readableLength > 0 || socket.readableEnded || socket.destroyed,
    until: () => spoken,
    release() {
      for (const event of SOCKET_EVENTS) socket.off(event, tell);
    },
  };
}
