import {
  type Attachment,
  attach,
  BRANCH_HEADER,
  Channel,
  currentFamily,
  type Encoded,
  isMultiprocError,
  registerType,
  SharedObject,
  type Taken,
  writeBranch,
} from '@multiproc/core';
import type { Source } from './receiving.js';
import type { Destination } from './sending.js';
import type { Place } from './token.js';

/**
 * How much may wait in one direction of a pipe: so many messages, or fewer when their blocks fill so
 * many bytes (Python: what fits into a socket's buffer, as a rule some 200 KiB). The message that
 * reaches the bound still goes in, so that one of any size can be sent, and no writer of large
 * messages waits longer than one of small ones.
 */
export const MAX_MESSAGES = 4096;
/** See {@link MAX_MESSAGES}. */
export const MAX_BYTES = 1024 * 1024;

/** Up to this length, messages without shared objects need no block. */
const SHORT = 56;

const TYPE = 'PipeMailbox';

/**
 * The messages on their way to one end of a pipe: a branch header and a channel. Kept alive by that
 * end and by every agent that has either end open, so that an agent can put a message, and wake
 * whoever waits, while the last holder of the other end closes it.
 */
export class Mailbox extends SharedObject implements Source<Taken>, Destination<Encoded> {
  static {
    registerType({ name: TYPE, shared: Mailbox, module: import.meta.url });
  }

  /** The messages, and the event counts to wait on. */
  readonly channel: Channel;
  /** Connections of this agent, and views, that use this object. */
  #users = 0;

  /** Makes an empty mailbox. */
  constructor();
  /** @internal */
  constructor(attachment: Attachment);
  constructor(attachment?: Attachment) {
    const { words } = currentFamily().memory;
    const shape = { count: 1, first: BRANCH_HEADER + Channel.OWNED };
    const spec = {
      type: TYPE,
      bytes: (BRANCH_HEADER + Channel.WORDS) * 4,
      branch: true,
      initialise: (content: number) => writeBranch(words, content, shape),
    };
    super(spec, attachment);
    this.channel = new Channel(this.family, this.content + BRANCH_HEADER);
  }

  /**
   * This agent's object for a mailbox, for one more user.
   *
   * @returns `undefined` when the mailbox has been freed, or there is none
   * @throws ArenaFullError when there is no room to note the reference
   */
  static open({ offset, serial }: Place): Mailbox | undefined {
    if (offset === 0) return undefined;
    let mailbox: Mailbox;
    try {
      mailbox = attach({ family: currentFamily().id, type: TYPE, offset, serial }) as Mailbox;
    } catch (error) {
      if (isMultiprocError(error, 'ERR_HANDLE')) return undefined;
      throw error;
    }
    return mailbox.enter();
  }

  /** Adds a user: a connection, or a view on a message, whose end wakes who waits for room. */
  enter(): this {
    this.#users++;
    return this;
  }

  /** Gives this agent's reference back when its last user leaves. */
  leave(): void {
    if (--this.#users === 0) this[Symbol.dispose]();
  }

  get size(): number {
    return this.channel.size;
  }

  get hasRoom(): boolean {
    return this.channel.size < MAX_MESSAGES && this.channel.bytes < MAX_BYTES;
  }

  put(message: Encoded): boolean {
    // Short messages lie in the slots and take up no bytes; and reading what the receivers write
    // would cost each of them a cache line from another core.
    const isShort = message.byteLength <= SHORT && message.references.length === 0;
    if (!isShort && this.channel.bytes >= MAX_BYTES) return false;
    return this.channel.put(message, MAX_MESSAGES);
  }

  take(): Taken | undefined {
    return this.channel.take();
  }

  /** Frees all messages: nobody can receive them any more. */
  drain(): void {
    for (let taken = this.take(); taken; taken = this.take()) taken.free();
  }

  protected override use(): undefined {
    return undefined;
  }
}
