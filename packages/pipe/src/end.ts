import {
  type Attempt,
  block,
  blockAsync,
  type Encoded,
  type EventCount,
  type Family,
  isTurnOver,
  keepEncoded,
  type MessageView,
  nextTurn,
  type Taken,
  TimeoutError,
  type WaitOptions,
} from '@multiproc/core';
import {
  BrokenPipeError,
  ConnectionClosedError,
  ConnectionDirectionError,
  EOFError,
} from './errors.js';
import { Mailbox } from './mailbox.js';
import { UnheldMessage } from './message.js';
import { NO_OPTIONS } from './options.js';
import {
  BROKEN,
  type Broken,
  CLOSED,
  type Closed,
  ENDED,
  type Ended,
  type Life,
} from './outcomes.js';
import { PeerEnd } from './peer.js';
import { Polling } from './polling.js';
import { viewIn } from './received.js';
import { Receiving } from './receiving.js';
import { Sending } from './sending.js';
import { tellClosed } from './tell-closed.js';
import { READS, type Token, WRITES } from './token.js';

/** One end of a pipe as one agent has it open: what a `Connection` does, without its words for it. */
export class End implements Life {
  readonly #family: Family;
  readonly #token: Token;
  readonly #peer: PeerEnd;
  readonly #inbox: Mailbox | undefined;
  readonly #outbox: Mailbox | undefined;
  readonly #receiving: Receiving<Taken> | undefined;
  readonly #polling: Polling | undefined;
  #mode: number;
  #isOver = false;
  /** Calls of this agent that wait; the mailboxes stay while there are any. */
  #waiting = 0;

  /**
   * @param family - the family
   * @param token - of the end, which the caller refers to
   * @throws ArenaFullError when there is no room to note the references
   */
  constructor(family: Family, token: Token) {
    this.#family = family;
    this.#token = token;
    this.#mode = token.mode;
    this.#peer = new PeerEnd(family, token);
    this.#inbox = Mailbox.open(token.inbox);
    // None when the other end has been closed already.
    this.#outbox = Mailbox.open(token.outbox);
    if (!this.#inbox) return;
    this.#receiving = new Receiving(this.#inbox, this.#peer, this);
    this.#polling = new Polling(this.#inbox, this.#peer, this);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether messages can be received. */
  get reads(): boolean {
    return (this.#mode & READS) !== 0;
  }

  /** Whether messages can be sent. */
  get writes(): boolean {
    return (this.#mode & WRITES) !== 0;
  }

  /** Takes the right to receive away from this agent. */
  stopReading(): void {
    this.#mode &= ~READS;
  }

  /** @throws ConnectionClosedError, ConnectionDirectionError */
  checkReads(action: string): void {
    this.#check(action, this.reads, 'it only sends');
  }

  /** @throws ConnectionClosedError, ConnectionDirectionError */
  checkWrites(action: string): void {
    this.#check(action, this.writes, 'it only receives');
  }

  /** Awaits a message, unless one can be had at once. */
  receive(options: WaitOptions): Taken | Promise<Taken> {
    const taken = this.#receiveFree(options);
    if (!taken) return this.#receive(options);
    return isTurnOver() ? this.#afterTurn(taken) : taken;
  }

  async #receive(options: WaitOptions): Promise<Taken> {
    const { items } = (this.#inbox as Mailbox).channel;
    const attempt = this.#receiving as Receiving<Taken>;
    return this.#received(await this.#wait(items, attempt, options), options);
  }

  /** Takes a message at once where that can be done: the free path. */
  #receiveFree(options: WaitOptions): Taken | undefined {
    const inbox = this.#inbox as Mailbox;
    const isFree = options === NO_OPTIONS && !this.#isAwaited(inbox.channel.items);
    return isFree ? inbox.take() : undefined;
  }

  /** Blocks until there is a message. */
  receiveSync(options: WaitOptions): Taken {
    const inbox = this.#inbox as Mailbox;
    const taken = this.#receiveFree(options);
    if (taken) return taken;
    const attempt = this.#receiving as Receiving<Taken>;
    const { agent } = this.#family;
    return this.#received(block(agent, inbox.channel.items, attempt, options), options);
  }

  /** The value of a message that was received here, as a view on shared memory. */
  view(taken: Taken): MessageView {
    return viewIn(this.#family, this.#inbox as Mailbox, taken);
  }

  /** Awaits that receiving would not wait. */
  async poll(options: WaitOptions): Promise<boolean> {
    const { items } = (this.#inbox as Mailbox).channel;
    return this.#polled(await this.#wait(items, this.#polling as Polling, options));
  }

  /** Blocks until receiving would not wait. */
  pollSync(options: WaitOptions): boolean {
    const { events, attempt } = this.watched;
    return this.#polled(block(this.#family.agent, events, attempt, options));
  }

  /** What a wait for several connections waits on. */
  get watched(): { readonly events: EventCount; readonly attempt: Polling } {
    const { items } = (this.#inbox as Mailbox).channel;
    return { events: items, attempt: this.#polling as Polling };
  }

  /**
   * Awaits that a message is on its way, unless it is at once.
   *
   * @param encoded - valid until the next `encode`
   * @param value - what it was made from
   */
  post(encoded: Encoded, value: unknown, options: WaitOptions): undefined | Promise<void> {
    const outbox = this.#outbox;
    if (!outbox) throw this.#broken();
    const message = this.#withoutPeer(encoded);
    if (!this.#postFree(outbox, message, options))
      return this.#post(outbox, message, value, options);
    return isTurnOver() ? this.#afterTurn(undefined) : undefined;
  }

  async #post(
    outbox: Mailbox,
    message: Encoded,
    value: unknown,
    options: WaitOptions,
  ): Promise<void> {
    const sending = new Sending(outbox, this.#peer, this, message);
    const outcome = this.#wait(outbox.channel.room, sending, options);
    // The first attempt has been made. What still waits is sent as it was when the call was made.
    if (sending.isWaiting) sending.keep(keepEncoded(message), value);
    this.#posted(await outcome, options);
  }

  /** Puts a message at once where that can be done: the free path. */
  #postFree(outbox: Mailbox, message: Encoded, options: WaitOptions): boolean {
    const isFree = options === NO_OPTIONS && !this.#isAwaited(outbox.channel.room);
    return isFree && this.#peer.isOpen(false) && outbox.put(message);
  }

  /** Blocks until a message is on its way. */
  postSync(encoded: Encoded, options: WaitOptions): void {
    const outbox = this.#outbox;
    if (!outbox) throw this.#broken();
    const message = this.#withoutPeer(encoded);
    if (this.#postFree(outbox, message, options)) return;
    const sending = new Sending(outbox, this.#peer, this, message);
    this.#posted(block(this.#family.agent, outbox.channel.room, sending, options), options);
  }

  /**
   * Ends the use of this end by this agent, whose waiting calls are refused. Called when the agent's
   * reference to the token has been given back.
   *
   * @param isLast - whether nobody holds the end any more
   */
  close(isLast: boolean): void {
    this.#isOver = true;
    const { agent } = this.#family;
    tellClosed(agent, this.#outbox?.channel.items, this.#inbox?.channel.room);
    if (isLast) this.#inbox?.drain();
    if (this.#waiting > 0) agent.pending.poke();
    else this.#leave();
  }

  /** Whether an earlier call of this agent waits: a later one goes behind it. */
  #isAwaited(events: EventCount): boolean {
    return this.#family.agent.pending.has(events);
  }

  /** Lets the event loop turn, as a call of this end. */
  async #afterTurn<Result>(result: Result): Promise<Result> {
    this.#waiting++;
    try {
      await nextTurn();
      return result;
    } finally {
      this.#done();
    }
  }

  async #wait<Result>(
    events: EventCount,
    attempt: Attempt<Result>,
    options: WaitOptions,
  ): Promise<Result | undefined> {
    this.#waiting++;
    try {
      return await blockAsync(this.#family.agent.pending, events, attempt, options);
    } finally {
      this.#done();
    }
  }

  #done(): void {
    this.#waiting--;
    if (this.#isOver && this.#waiting === 0) this.#leave();
  }

  #leave(): void {
    this.#inbox?.leave();
    this.#outbox?.leave();
  }

  #check(action: string, isAllowed: boolean, reason: string): void {
    if (this.#isOver) throw closed(action);
    if (isAllowed) return;
    throw new ConnectionDirectionError(
      `${action} is not possible on this end of the pipe: ${reason}`,
    );
  }

  #received(outcome: Taken | Ended | Closed | undefined, options: WaitOptions): Taken {
    if (outcome === ENDED) {
      this.#peerIsGone();
      throw new EOFError(
        'there is nothing left to receive: every holder of the other end has closed it or died',
      );
    }
    if (outcome === CLOSED) throw closed('receiving');
    if (outcome !== undefined) return outcome;
    throw new TimeoutError(`no message came within ${options.timeout} ms`);
  }

  #polled(outcome: true | Closed | undefined): boolean {
    if (outcome === CLOSED) throw closed('polling');
    return outcome === true;
  }

  #posted(outcome: true | Broken | Closed | undefined, options: WaitOptions): void {
    if (outcome === true) return;
    if (outcome === BROKEN) throw this.#broken();
    if (outcome === CLOSED) throw closed('sending');
    throw new TimeoutError(
      `there was no room for the message within ${options.timeout} ms: the other end receives too slowly`,
    );
  }

  #broken(): BrokenPipeError {
    this.#peerIsGone();
    return new BrokenPipeError(
      'nobody can receive the message: every holder of the other end has closed it or died',
    );
  }

  /** What was sent to the other end and not received is freed, with all that it keeps alive. */
  #peerIsGone(): void {
    this.#outbox?.drain();
  }

  /**
   * A message to the other end that contains that end: it must not keep it open, for only who holds
   * the end can receive the message. Whoever does so finds it alive.
   */
  #withoutPeer(encoded: Encoded): Encoded {
    if (encoded.references.length === 0) return encoded;
    const { peer, peerSerial } = this.#token;
    return new UnheldMessage(encoded, ({ offset, serial }) => {
      return offset !== peer || serial !== peerSerial;
    });
  }
}

function closed(action: string): ConnectionClosedError {
  return new ConnectionClosedError(
    `${action} is not possible: this agent has closed the connection`,
  );
}
