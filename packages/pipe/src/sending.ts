import type { Attempt } from '@multiproc/core';
import { BROKEN, type Broken, CLOSED, type Closed, type Life } from './outcomes.js';
import type { Peer } from './peer.js';

/** What messages are put into: a mailbox. */
export interface Destination<Message> {
  /** Whether there is room for another message. */
  readonly hasRoom: boolean;
  /** Puts a message if there is room. */
  put(message: Message): boolean;
}

/** Puts a message; one attempt. It is refused when nobody would receive it. */
export class Sending<Message> implements Attempt<true | Broken | Closed> {
  readonly #destination: Destination<Message>;
  readonly #peer: Peer;
  readonly #life: Life;
  #message: Message;
  /** What the message was made from: shared objects in it live until they have been sent. */
  #value: unknown;
  #isDone = false;

  /**
   * @param destination - where the message goes
   * @param peer - the end that receives it
   * @param life - tells when the sending end was closed by its own agent
   * @param message - the message
   */
  constructor(destination: Destination<Message>, peer: Peer, life: Life, message: Message) {
    this.#destination = destination;
    this.#peer = peer;
    this.#life = life;
    this.#message = message;
  }

  take(thorough: boolean): true | Broken | Closed | undefined {
    const outcome = this.#try(thorough);
    this.#isDone = outcome !== undefined;
    return outcome;
  }

  /** A broken pipe is so for everybody who waits, and each wakes the next. */
  more(): boolean {
    return this.#destination.hasRoom || !this.#peer.isOpen(false);
  }

  /** Whether no attempt has succeeded yet. */
  get isWaiting(): boolean {
    return !this.#isDone;
  }

  /**
   * Has later attempts put a copy.
   *
   * @param message - the copy
   * @param value - what is kept alive until then
   */
  keep(message: Message, value: unknown): void {
    this.#message = message;
    this.#value = value;
  }

  /** What `keep` was given. */
  get value(): unknown {
    return this.#value;
  }

  #try(thorough: boolean): true | Broken | Closed | undefined {
    if (this.#life.isOver) return CLOSED;
    // Between this look and the next line the other end may close: then the message is lost with
    // those that it had not received, as if it had been sent a moment earlier.
    if (!this.#peer.isOpen(thorough)) return BROKEN;
    return this.#destination.put(this.#message) ? true : undefined;
  }
}
