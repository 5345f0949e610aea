import type { Readable, Writable } from 'node:stream';
import {
  Attachment,
  type Attempt,
  attach,
  currentFamily,
  type EventCount,
  encode,
  type Handle,
  isLiving,
  isMultiprocError,
  type MessageView,
  registerType,
  SharedObject,
  type WaitOptions,
} from '@multiproc/core';
import { End } from './end.js';
import { MessageTooLongError } from './errors.js';
import type { Mailbox } from './mailbox.js';
import { PlainBytes } from './message.js';
import { type Closable, forgetOpen, rememberOpen } from './open-connections.js';
import {
  type Bytes,
  maxLengthOf,
  NO_OPTIONS,
  partOf,
  type RecvBytesIntoOptions,
  type RecvBytesOptions,
  type RecvOptions,
  type RecvViewOptions,
  type SendBytesOptions,
  targetOf,
  timeoutOrNone,
  wantsView,
} from './options.js';
import type { Closed } from './outcomes.js';
import { bytesIn, bytesInto, valueIn } from './received.js';
import { type ReadableOptions, toReadable, toWritable, type WritableOptions } from './streams.js';
import { TOKEN_WORDS, Token } from './token.js';

/** What a new end of a pipe is made of. */
export interface ConnectionPlan {
  /** `READS`, `WRITES` or both. */
  readonly mode: number;
  /** Where messages to this end arrive. */
  readonly inbox: Mailbox | undefined;
  /** Where messages to the other end arrive. */
  readonly outbox: Mailbox | undefined;
  /** The other end, when that was made first. */
  readonly peer?: Connection | undefined;
}

function specOf(plan: ConnectionPlan | undefined) {
  const { inbox } = plan ?? {};
  return {
    type: 'Connection',
    bytes: TOKEN_WORDS * 4,
    ...(inbox && { holds: () => inbox.handle }),
    initialise: (content: number) => {
      const { mode, outbox, peer } = plan as ConnectionPlan;
      const token = new Token(currentFamily().memory, content);
      token.fill({ mode, inbox: inbox?.handle, outbox: outbox?.handle, peer: peer?.handle });
    },
  };
}

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
export class Connection extends SharedObject {
  static {
    registerType({ name: 'Connection', shared: Connection, module: import.meta.url });
  }

  readonly #end: End;
  readonly #open: WeakRef<Closable>;
  #isClosed = false;

  /** @internal */
  constructor(source: ConnectionPlan | Attachment) {
    const attachment = source instanceof Attachment ? source : undefined;
    super(specOf(attachment ? undefined : (source as ConnectionPlan)), attachment);
    const token = new Token(this.family.memory, this.content);
    if (!attachment) (source as ConnectionPlan).peer?.link(this);
    this.#end = new End(this.family, token);
    this.#open = rememberOpen(this, this.family);
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

  /** Whether this agent has closed the connection. Other agents may still have it open. */
  get closed(): boolean {
    return this.#isClosed;
  }

  /** Whether messages can be received from this end. */
  get readable(): boolean {
    return this.#end.reads;
  }

  /** Whether messages can be sent from this end. */
  get writable(): boolean {
    return this.#end.writes;
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
    this.#end.checkWrites('send');
    await this.#end.post(encode(value), value, options);
  }

  /** The blocking twin of {@link Connection.send}; `signal` counts only when it is aborted already. */
  sendSync(value: unknown, options: WaitOptions = NO_OPTIONS): void {
    this.#end.checkWrites('sendSync');
    this.#end.postSync(encode(value), options);
  }

  /**
   * Sends plain bytes as one message, without the codec; copied once, at memory speed.
   *
   * @param bytes - typed array, DataView, Buffer or ArrayBuffer; it may lie on shared memory. It must
   *   not be changed before this method returns; when it then waits, it has made a copy
   * @param options - `offset` and `size` in bytes, `timeout` in milliseconds, `signal`
   * @throws ArgumentTypeError, ArgumentRangeError when `offset` and `size` do not name a part of it;
   *   otherwise as {@link Connection.send}
   */
  async sendBytes(bytes: Bytes, options: SendBytesOptions = NO_OPTIONS): Promise<void> {
    this.#end.checkWrites('sendBytes');
    await this.#end.post(new PlainBytes(partOf(bytes, 'bytes', options)), undefined, options);
  }

  /** The blocking twin of {@link Connection.sendBytes}. */
  sendBytesSync(bytes: Bytes, options: SendBytesOptions = NO_OPTIONS): void {
    this.#end.checkWrites('sendBytesSync');
    this.#end.postSync(new PlainBytes(partOf(bytes, 'bytes', options)), options);
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
    this.#end.checkReads('recv');
    const isView = wantsView(options);
    const taken = await this.#end.receive(options);
    return isView ? this.#end.view(taken) : valueIn(taken);
  }

  /** The blocking twin of {@link Connection.recv}; `signal` counts only when it is aborted already. */
  recvSync(options?: RecvOptions): unknown;
  /** As above, as a view on shared memory. */
  recvSync(options: RecvViewOptions): MessageView;
  recvSync(options: RecvOptions | RecvViewOptions = NO_OPTIONS): unknown {
    this.#end.checkReads('recvSync');
    if (options === NO_OPTIONS) return valueIn(this.#end.receiveSync(options));
    const isView = wantsView(options);
    const taken = this.#end.receiveSync(options);
    return isView ? this.#end.view(taken) : valueIn(taken);
  }

  /**
   * Receives the next message as bytes: what `sendBytes` sent, or the encoded form of what `send`
   * sent (Python: its pickle).
   *
   * @param options - `maxLength` in bytes, `timeout` in milliseconds, `signal`
   * @returns a Buffer of its own
   * @throws MessageTooLongError (`ERR_MESSAGE_TOO_LONG`) when it is longer than `maxLength`. The
   *   message is lost. As in Python, this agent cannot receive from the connection any more, and it
   *   is closed if it only receives
   * @throws as {@link Connection.recv}
   */
  async recvBytes(options: RecvBytesOptions = NO_OPTIONS): Promise<Buffer> {
    this.#end.checkReads('recvBytes');
    const most = maxLengthOf(options);
    return this.#whole(bytesIn(await this.#end.receive(options), most), most);
  }

  /** The blocking twin of {@link Connection.recvBytes}. */
  recvBytesSync(options: RecvBytesOptions = NO_OPTIONS): Buffer {
    this.#end.checkReads('recvBytesSync');
    const most = maxLengthOf(options);
    return this.#whole(bytesIn(this.#end.receiveSync(options), most), most);
  }

  /**
   * Receives the next message as bytes into a buffer of the caller's.
   *
   * @param target - typed array, DataView, Buffer or ArrayBuffer; it may lie on shared memory
   * @param options - `offset` in bytes, `timeout` in milliseconds, `signal`
   * @returns the length of the message in bytes
   * @throws BufferTooShortError (`ERR_BUFFER_TOO_SHORT`) with the whole message, when it does not fit
   * @throws ArgumentTypeError, ArgumentRangeError when `offset` lies outside of it; otherwise as
   *   {@link Connection.recv}
   */
  async recvBytesInto(target: Bytes, options: RecvBytesIntoOptions = NO_OPTIONS): Promise<number> {
    this.#end.checkReads('recvBytesInto');
    const room = targetOf(target, options);
    return bytesInto(await this.#end.receive(options), room);
  }

  /** The blocking twin of {@link Connection.recvBytesInto}. */
  recvBytesIntoSync(target: Bytes, options: RecvBytesIntoOptions = NO_OPTIONS): number {
    this.#end.checkReads('recvBytesIntoSync');
    const room = targetOf(target, options);
    return bytesInto(this.#end.receiveSync(options), room);
  }

  /**
   * Waits until receiving would not have to wait, and takes nothing. Another agent that has this end
   * open may be faster afterwards.
   *
   * @param options - `timeout` in milliseconds, `signal`. As in Python, and unlike all other methods,
   *   it does not wait when `timeout` is left out; `Infinity` waits for ever
   * @returns `true` when there is a message, or will be none any more, so that receiving would throw
   *   `EOFError`; `false` after the time-out
   * @throws ConnectionClosedError, ConnectionDirectionError, the signal's reason
   */
  async poll(options: WaitOptions = NO_OPTIONS): Promise<boolean> {
    this.#end.checkReads('poll');
    return this.#end.poll(timeoutOrNone(options));
  }

  /** The blocking twin of {@link Connection.poll}. */
  pollSync(options: WaitOptions = NO_OPTIONS): boolean {
    this.#end.checkReads('pollSync');
    return this.#end.pollSync(timeoutOrNone(options));
  }

  /**
   * Gives up this agent's hold of the end. Other agents that have it open are not concerned. Calls
   * of this agent that still wait are refused with `ConnectionClosedError`. A second call does nothing.
   */
  close(): void {
    if (this.#isClosed) return;
    const { offset, serial } = this.handle;
    this.#isClosed = true;
    forgetOpen(this.#open);
    super[Symbol.dispose]();
    this.#end.close(!isLiving(this.family.arena, offset, serial));
  }

  /** The same as {@link Connection.close}, for `using`. */
  override [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Receives until nobody can send any more, or this agent closes the connection.
   *
   * @throws as {@link Connection.recv}, but for the end
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    this.#end.checkReads('iterating');
    while (!this.#isClosed) {
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
    this.#end.checkReads('toReadable');
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
    this.#end.checkWrites('toWritable');
    return toWritable(this, options);
  }

  /** @internal What a wait for several connections waits on. */
  watch(): { readonly events: EventCount; readonly attempt: Attempt<true | Closed> } {
    this.#end.checkReads('wait');
    return this.#end.watched;
  }

  /** @internal Names the other end, which was made after this one. */
  link(peer: Connection): void {
    new Token(this.family.memory, this.content).link(peer.handle);
  }

  protected override use(): undefined {
    return undefined;
  }

  protected override describe(): string {
    return this.readable ? (this.writable ? 'duplex' : 'receives') : 'sends';
  }

  #whole(bytes: Buffer | number, most: number): Buffer {
    if (typeof bytes !== 'number') return bytes;
    this.#end.stopReading();
    if (!this.#end.writes) this.close();
    throw new MessageTooLongError(
      `a message of ${bytes} bytes came, and at most ${most} were wanted: this agent cannot receive ` +
        'from the connection any more',
    );
  }
}

/** Whether an error says that there will be no more messages for this agent. */
function isEnd(error: unknown): boolean {
  return isMultiprocError(error, 'ERR_EOF') || isMultiprocError(error, 'ERR_CONNECTION_CLOSED');
}
