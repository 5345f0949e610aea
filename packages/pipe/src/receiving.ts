import type { Attempt } from '@multiproc/core';
import { CLOSED, type Closed, ENDED, type Ended, type Life } from './outcomes.js';
import type { Peer } from './peer.js';

/** What messages are taken from: a mailbox. */
export interface Source<Message> {
  /** How many messages there are. */
  readonly size: number;
  /** Takes the oldest message, if there is one. */
  take(): Message | undefined;
}

/**
 * Takes a message; one attempt.
 *
 * | messages | other end | outcome |
 * | --- | --- | --- |
 * | some | open or closed | the oldest message |
 * | none | open | not now |
 * | none, looked at after the other end was seen closed | closed | the end of all messages |
 *
 * The second look is what keeps the last message: it may have been put, and the other end closed,
 * between the first look and the look at the other end. Nothing can come after the second: whoever
 * puts a message holds the other end until that is done.
 */
export class Receiving<Message> implements Attempt<Message | Ended | Closed> {
  readonly #source: Source<Message>;
  readonly #peer: Peer;
  readonly #life: Life;

  /**
   * @param source - where messages arrive
   * @param peer - the end that sends them
   * @param life - tells when the receiving end was closed by its own agent
   */
  constructor(source: Source<Message>, peer: Peer, life: Life) {
    this.#source = source;
    this.#peer = peer;
    this.#life = life;
  }

  take(thorough: boolean): Message | Ended | Closed | undefined {
    if (this.#life.isOver) return CLOSED;
    const message = this.#source.take();
    if (message !== undefined) return message;
    if (this.#peer.isOpen(thorough)) return undefined;
    const last = this.#source.take();
    if (last !== undefined) return last;
    // Not at the end while another receiver is being held up in the middle of taking.
    return this.#source.size === 0 ? ENDED : undefined;
  }

  /** The end of messages is for everybody who waits, and each wakes the next. */
  more(): boolean {
    return this.#source.size > 0 || !this.#peer.isOpen(false);
  }
}
