import { Readable, Writable } from 'node:stream';
import { ArgumentTypeError, checkOptions, isMultiprocError } from '@multiproc/core';
import type { Bytes } from './options.js';

/** Options of `toReadable`. */
export interface ReadableOptions {
  /** A stream of bytes instead of values. Default: `false`. */
  bytes?: boolean | undefined;
}

/** Options of `toWritable`. */
export interface WritableOptions {
  /** A stream of bytes instead of values. Default: `false`. */
  bytes?: boolean | undefined;
  /** Whether the connection is closed with the stream. Default: when it only sends. */
  close?: boolean | undefined;
}

/** What a readable stream reads from. */
export interface Receiver {
  /** Receives a value. */
  recv(options: { signal: AbortSignal }): Promise<unknown>;
  /** Receives bytes. */
  recvBytes(options: { signal: AbortSignal }): Promise<Buffer>;
}

/** What a writable stream writes to. */
export interface Sender {
  /** Whether it also receives. */
  readonly readable: boolean;
  /** Sends a value. */
  send(value: unknown, options: { signal: AbortSignal }): Promise<void>;
  /** Sends bytes. */
  sendBytes(bytes: Bytes, options: { signal: AbortSignal }): Promise<void>;
  /** Closes it. */
  close(): void;
}

/** A stream of what a connection receives. */
export function toReadable(connection: Receiver, options: ReadableOptions): Readable {
  const bytes = flag(options, 'bytes', false);
  const stop = new AbortController();
  const { signal } = stop;
  const receive = async (): Promise<unknown> => {
    if (!bytes) return connection.recv({ signal });
    // To a stream an empty chunk says nothing: it would not ask again.
    for (;;) {
      const chunk = await connection.recvBytes({ signal });
      if (chunk.length > 0) return chunk;
    }
  };
  const stream = new Readable({
    objectMode: !bytes,
    // One value is received ahead, for any more could have gone to another agent.
    highWaterMark: 1,
    read() {
      receive().then(
        (value) => {
          if (value !== null) this.push(value);
          else this.destroy(new TypeError('a stream cannot carry the message `null`'));
        },
        (error) => {
          if (isMultiprocError(error, 'ERR_EOF')) this.push(null);
          else this.destroy(error);
        },
      );
    },
    destroy(error, callback) {
      stop.abort();
      callback(error);
    },
  });
  return stream;
}

/** A stream that sends what is written to it. */
export function toWritable(connection: Sender, options: WritableOptions): Writable {
  const bytes = flag(options, 'bytes', false);
  const close = flag(options, 'close', !connection.readable);
  const stop = new AbortController();
  const { signal } = stop;
  return new Writable({
    objectMode: !bytes,
    write(chunk, _encoding, callback) {
      const sent = bytes
        ? connection.sendBytes(chunk, { signal })
        : connection.send(chunk, { signal });
      sent.then(() => callback(), callback);
    },
    destroy(error, callback) {
      stop.abort();
      if (close) connection.close();
      callback(error);
    },
  });
}

function flag(options: object, name: string, fallback: boolean): boolean {
  checkOptions(options);
  const value = (options as Record<string, unknown>)[name] ?? fallback;
  if (typeof value === 'boolean') return value;
  throw new ArgumentTypeError(`options.${name}`, 'a boolean', value);
}
