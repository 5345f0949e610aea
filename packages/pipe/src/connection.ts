import type { Readable, Writable } from 'node:stream';
import {
  attach,
  encode,
  type Handle,
  isMultiprocError,
  type MessageView,
  registerType,
  type WaitOptions,
} from '@multiproc/core';
import { BytesConnection } from './bytes-connection.js';
import { NO_OPTIONS, type RecvOptions, type RecvViewOptions, wantsView } from './options.js';
import { valueIn } from './received.js';
import { type ReadableOptions, toReadable, toWritable, type WritableOptions } from './streams.js';

/**
 * One end of a pipe, made by {@link Pipe}. Any thread or process of the family may have it open;
 * it travels in arguments, messages and other values.
 *
 * An end is open while an agent holds it or a value on its way contains it. `close()` gives up this
 * agent's hold only, as with a file descriptor; so does the end of an agent, however it ends. When
 * the last hold is gone, the other end receives what was sent, and then `EOFError`; sending to it
 * throws `BrokenPipeError`. A close or a normal end is noticed at once, a kill within about 100 ms.
 *
 * Several agents may use one end at the same time: each message goes whole to one of them.
 * Fairness: whoever is awake takes the next message; awaiting calls of one agent are served in
 * the order in which they were made, in each direction.
 *
 * Python counterpart: `multiprocessing.connection.Connection`. Differences: methods that wait take
 * `{ timeout, signal }` and have a blocking twin that ends in `Sync`; writers on one end do not
 * disturb each other; a message in the wrong form is lost alone.
 *
 * @example
 * ```ts
 * import { Pipe } from '@multiproc/pipe';
 *
 * const [reader, writer] = Pipe({ duplex: false });
 * for (const word of ['one', 'two']) writer.sendSync(word);
 * writer.close();
 * for await (const word of reader) console.log(word); // → one, two
 * ```
 */
export class Connection extends BytesConnection {
  static {
    registerType({ name: 'Connection', shared: Connection, module: import.meta.url });
  }

  /**
   * The end of a pipe that a handle names. A handle keeps no end open.
   *
   * @param handle - `handle` of a connection of this family
   * @returns the same object for the same end
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its end is closed
   */
  static from(handle: Handle): Connection {
    return attach(handle, 'Connection') as Connection;
  }

  /**
   * Sends a value. It is encoded at once, so later changes do not count. Waits while too much waits
   * to be received; when the promise resolves, the message is in shared memory and survives the
   * end of this agent.
   *
   * @param value - anything that can travel, connections and other shared objects too. What is sent
   *   with a shared object must not be closed or disposed before the promise resolves
   * @param options - `timeout` in milliseconds, `signal`; after either, nothing was sent
   * @throws BrokenPipeError (`ERR_BROKEN_PIPE`) when nobody can receive it any more
   * @throws EncodeError (`ERR_ENCODE`) with the path of what cannot travel
   * @throws TimeoutError (`ERR_TIMEOUT`), the signal's reason
   * @throws ConnectionClosedError, ConnectionDirectionError, ArenaFullError when it can never fit
   */
  async send(value: unknown, options: WaitOptions = NO_OPTIONS): Promise<void> {
    this.end.checkWrites('send');
    await this.end.post(encode(value), value, options);
  }

  /** The blocking twin of {@link Connection.send}; `signal` counts only when it is aborted already. */
  sendSync(value: unknown, options: WaitOptions = NO_OPTIONS): void {
    this.end.checkWrites('sendSync');
    this.end.postSync(encode(value), options);
  }

  /**
   * Receives the next message and waits for one if need be. A call that is aborted or times out
   * takes no message. Plain bytes come as a Buffer.
   *
   * @param options - `timeout` in milliseconds, `signal`; `view: true` leaves typed arrays, Buffers and
   *   ArrayBuffers of 64 KiB and more where they are, in shared memory, until the view is disposed of.
   *   What `sendBytes` sent is copied all the same
   * @returns what was sent; with `view`, a `MessageView` with it
   * @throws EOFError (`ERR_EOF`) when every message was received and nobody can send another
   * @throws TimeoutError (`ERR_TIMEOUT`), the signal's reason
   * @throws DecodeError (`ERR_DECODE`) with the bytes of a message that cannot be decoded here; the
   *   messages after it are not concerned
   * @throws ConnectionClosedError, ConnectionDirectionError
   */
  recv(options?: RecvOptions): Promise<unknown>;
  /** As above, as a view on shared memory. */
  recv(options: RecvViewOptions): Promise<MessageView>;
  async recv(options: RecvOptions | RecvViewOptions = NO_OPTIONS): Promise<unknown> {
    this.end.checkReads('recv');
    const isView = wantsView(options);
    const taken = await this.end.receive(options);
    return isView ? this.end.view(taken) : valueIn(taken);
  }

  /** The blocking twin of {@link Connection.recv}; `signal` counts only when it is aborted already. */
  recvSync(options?: RecvOptions): unknown;
  /** As above, as a view on shared memory. */
  recvSync(options: RecvViewOptions): MessageView;
  recvSync(options: RecvOptions | RecvViewOptions = NO_OPTIONS): unknown {
    this.end.checkReads('recvSync');
    if (options === NO_OPTIONS) return valueIn(this.end.receiveSync(options));
    const isView = wantsView(options);
    const taken = this.end.receiveSync(options);
    return isView ? this.end.view(taken) : valueIn(taken);
  }

  /**
   * Receives until nobody can send any more, or this agent closes the connection.
   *
   * @throws as {@link Connection.recv}, but for the end
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    this.end.checkReads('iterating');
    while (!this.closed) {
      let value: unknown;
      try {
        value = await this.recv();
      } catch (error) {
        if (isEnd(error)) return;
        throw error;
      }
      yield value;
    }
  }

  /**
   * A Node stream of what arrives; it ends when nobody can send any more. Destroying the stream ends
   * its wait, takes no further message, and leaves the connection open.
   *
   * @param options - `bytes`: a stream of bytes instead of values; messages are its chunks
   * @returns a stream in object mode, unless `bytes`. A message that is `null` destroys it: streams
   *   cannot carry that
   * @throws ConnectionClosedError, ConnectionDirectionError
   *
   * @example
   * ```ts
   * import { Pipe } from '@multiproc/pipe';
   *
   * const [reader, writer] = Pipe({ duplex: false });
   * writer.toWritable().end('last');
   * console.log(await reader.toReadable().toArray()); // → [ 'last' ]
   * ```
   */
  toReadable(options: ReadableOptions = NO_OPTIONS): Readable {
    this.end.checkReads('toReadable');
    return toReadable(this, options);
  }

  /**
   * A Node stream whose chunks are sent as messages, with the back-pressure of the pipe.
   *
   * @param options - `bytes`: chunks are bytes, or text to be sent as UTF-8; `close`: whether the
   *   connection is closed when the stream has finished or was destroyed. Default: when it only sends
   * @returns a stream in object mode, unless `bytes`
   * @throws ConnectionClosedError, ConnectionDirectionError
   */
  toWritable(options: WritableOptions = NO_OPTIONS): Writable {
    this.end.checkWrites('toWritable');
    return toWritable(this, options);
  }
}

/** Whether an error says that there will be no more messages for this agent. */
function isEnd(error: unknown): boolean {
  return isMultiprocError(error, 'ERR_EOF') || isMultiprocError(error, 'ERR_CONNECTION_CLOSED');
}
