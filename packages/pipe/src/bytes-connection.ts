import {
  Attachment,
  type Attempt,
  currentFamily,
  type EventCount,
  isLiving,
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
  type SendBytesOptions,
  targetOf,
  timeoutOrNone,
} from './options.js';
import type { Closed } from './outcomes.js';
import { bytesIn, bytesInto } from './received.js';
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
  readonly peer?: BytesConnection | undefined;
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

/** One end of a pipe as this agent has it open, and bytes as messages: a connection without values. */
export abstract class BytesConnection extends SharedObject {
  /** @internal What the methods work on. */
  protected readonly end: End;
  readonly #open: WeakRef<Closable>;
  #isClosed = false;

  /** @internal */
  constructor(source: ConnectionPlan | Attachment) {
    const attachment = source instanceof Attachment ? source : undefined;
    super(specOf(attachment ? undefined : (source as ConnectionPlan)), attachment);
    const token = new Token(this.family.memory, this.content);
    if (!attachment) (source as ConnectionPlan).peer?.link(this);
    this.end = new End(this.family, token);
    this.#open = rememberOpen(this, this.family);
  }

  /** Whether this agent has closed the connection. Other agents may still have it open. */
  get closed(): boolean {
    return this.#isClosed;
  }

  /** Whether messages can be received from this end. */
  get readable(): boolean {
    return this.end.reads;
  }

  /** Whether messages can be sent from this end. */
  get writable(): boolean {
    return this.end.writes;
  }

  /**
   * Sends plain bytes as one message, without the codec; copied once, at memory speed.
   *
   * @param bytes - typed array, DataView, Buffer or ArrayBuffer; it may lie on shared memory. It must
   *   not be changed before this method returns; when it then waits, it has made a copy
   * @param options - `offset` and `size` in bytes, `timeout` in milliseconds, `signal`
   * @throws ArgumentTypeError, ArgumentRangeError when `offset` and `size` do not name a part of it;
   *   otherwise as `send`
   */
  async sendBytes(bytes: Bytes, options: SendBytesOptions = NO_OPTIONS): Promise<void> {
    this.end.checkWrites('sendBytes');
    await this.end.post(new PlainBytes(partOf(bytes, 'bytes', options)), undefined, options);
  }

  /** The blocking twin of `sendBytes`. */
  sendBytesSync(bytes: Bytes, options: SendBytesOptions = NO_OPTIONS): void {
    this.end.checkWrites('sendBytesSync');
    this.end.postSync(new PlainBytes(partOf(bytes, 'bytes', options)), options);
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
   * @throws as `recv`
   */
  async recvBytes(options: RecvBytesOptions = NO_OPTIONS): Promise<Buffer> {
    this.end.checkReads('recvBytes');
    const most = maxLengthOf(options);
    return this.#whole(bytesIn(await this.end.receive(options), most), most);
  }

  /** The blocking twin of `recvBytes`. */
  recvBytesSync(options: RecvBytesOptions = NO_OPTIONS): Buffer {
    this.end.checkReads('recvBytesSync');
    const most = maxLengthOf(options);
    return this.#whole(bytesIn(this.end.receiveSync(options), most), most);
  }

  /**
   * Receives the next message as bytes into a buffer of the caller's.
   *
   * @param target - typed array, DataView, Buffer or ArrayBuffer; it may lie on shared memory
   * @param options - `offset` in bytes, `timeout` in milliseconds, `signal`
   * @returns the length of the message in bytes
   * @throws BufferTooShortError (`ERR_BUFFER_TOO_SHORT`) with the whole message, when it does not fit
   * @throws ArgumentTypeError, ArgumentRangeError when `offset` lies outside of it; otherwise as
   *   `recv`
   */
  async recvBytesInto(target: Bytes, options: RecvBytesIntoOptions = NO_OPTIONS): Promise<number> {
    this.end.checkReads('recvBytesInto');
    const room = targetOf(target, options);
    return bytesInto(await this.end.receive(options), room);
  }

  /** The blocking twin of `recvBytesInto`. */
  recvBytesIntoSync(target: Bytes, options: RecvBytesIntoOptions = NO_OPTIONS): number {
    this.end.checkReads('recvBytesIntoSync');
    const room = targetOf(target, options);
    return bytesInto(this.end.receiveSync(options), room);
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
    this.end.checkReads('poll');
    return this.end.poll(timeoutOrNone(options));
  }

  /** The blocking twin of `poll`. */
  pollSync(options: WaitOptions = NO_OPTIONS): boolean {
    this.end.checkReads('pollSync');
    return this.end.pollSync(timeoutOrNone(options));
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
    this.end.close(!isLiving(this.family.arena, offset, serial));
  }

  /** The same as `close`, for `using`. */
  override [Symbol.dispose](): void {
    this.close();
  }

  /** @internal What a wait for several connections waits on. */
  watch(): { readonly events: EventCount; readonly attempt: Attempt<true | Closed> } {
    this.end.checkReads('wait');
    return this.end.watched;
  }

  /** @internal Names the other end, which was made after this one. */
  link(peer: BytesConnection): void {
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
    this.end.stopReading();
    if (!this.end.writes) this.close();
    throw new MessageTooLongError(
      `a message of ${bytes} bytes came, and at most ${most} were wanted: this agent cannot receive ` +
        'from the connection any more',
    );
  }
}
