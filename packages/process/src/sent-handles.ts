import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { StartMethodError } from './errors.js';
import type { HandleFacts } from './start-message.js';

/** What Node keeps the descriptor in; there is no public way to it. */
interface WithHandle {
  readonly _handle?: { readonly fd?: number } | null;
}

type Transport = Socket | Server | DatagramSocket;

interface Sent {
  readonly value: Transport;
  readonly kind: HandleFacts['kind'];
  readonly fd: number;
  readonly options: HandleFacts['options'];
}

/**
 * The sockets and servers among the arguments of one start. They do not go into the message but
 * beside it, as descriptors.
 */
export class SentHandles {
  readonly #sent: Sent[] = [];
  /** Descriptors that were made for a thread. */
  #duplicates: number[] = [];

  /** The codec's hook for values that it does not know: their number, or `undefined`. */
  readonly find = (value: object): number | undefined => {
    const known = this.#sent.findIndex((sent) => sent.value === value);
    if (known >= 0) return known;
    const sent = describe(value);
    return sent && this.#sent.push(sent) - 1;
  };

  /** Descriptors of this process, in the order of their numbers. */
  get fds(): number[] {
    return this.#sent.map(({ fd }) => fd);
  }

  /** What the message says when a spawned process gets them from this descriptor on. */
  inherited(first: number): HandleFacts[] {
    return this.#sent.map(({ kind, options }, index) => ({ kind, fd: first + index, options }));
  }

  /**
   * What the message says when a thread gets descriptors of its own.
   *
   * @param duplicate - makes a second descriptor; `undefined` where that is not possible
   */
  duplicated(duplicate: ((fd: number) => number) | undefined): HandleFacts[] {
    return this.#sent.map(({ kind, fd, options }) => {
      if (!duplicate) {
        throw new StartMethodError(
          'a socket or server cannot be an argument of a thread here, because this platform has ' +
            'no native provider',
        );
      }
      const own = duplicate(fd);
      this.#duplicates.push(own);
      return { kind, fd: own, options };
    });
  }

  /** Closes what was made for a thread that did not live to take it. */
  closeDuplicates(close: (fd: number) => void): void {
    for (const fd of this.#duplicates.splice(0)) close(fd);
  }

  /** The connections belong to the child now. A server goes on here as well. */
  surrender(): void {
    for (const { kind, value } of this.#sent) if (kind === 'socket') (value as Socket).destroy();
    this.#sent.length = 0;
  }
}

function describe(value: object): Sent | undefined {
  const net = process.getBuiltinModule('node:net');
  if (value instanceof net.Socket) return describeSocket(value);
  if (value instanceof net.Server) {
    const { allowHalfOpen, pauseOnConnect } = value as unknown as Record<string, boolean>;
    const options = { allowHalfOpen, pauseOnConnect };
    return { value, kind: 'server', fd: fdOf(value, 'a server that does not listen'), options };
  }
  const dgram = process.getBuiltinModule('node:dgram');
  if (!(value instanceof dgram.Socket)) return undefined;
  const { type } = value as unknown as { type: string };
  // Node has hidden the handle of a datagram socket deeper than others.
  const symbol = Object.getOwnPropertySymbols(value).find((s) => s.description === 'state symbol');
  const state = symbol && (value as unknown as Record<symbol, { handle: unknown }>)[symbol];
  const fd = fdOf({ _handle: state?.handle }, 'a datagram socket that is not bound');
  return { value, kind: 'datagram', fd, options: { type } };
}

function describeSocket(value: Socket): Sent {
  if ('encrypted' in value) {
    throw new TypeError('an encrypted connection cannot be handed over, for its keys stay here');
  }
  const what = 'a socket that is not connected';
  const fd = fdOf(value.connecting ? {} : value, what);
  if (value.readableLength > 0 || value.writableLength > 0) {
    throw new TypeError(
      'this socket has received or is sending data already, which would be lost: create the server ' +
        'with pauseOnConnect: true and hand the socket over before anything is read or written',
    );
  }
  const { allowHalfOpen } = value;
  return { value, kind: 'socket', fd, options: { allowHalfOpen } };
}

function fdOf(holder: object, what: string): number {
  const fd = (holder as WithHandle)._handle?.fd ?? -1;
  if (fd < 0) throw new TypeError(`${what} cannot be handed over`);
  return fd;
}
