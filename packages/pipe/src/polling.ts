import type { Attempt } from '@multiproc/core';
import { CLOSED, type Closed, type Life } from './outcomes.js';
import type { Peer } from './peer.js';
import type { Source } from './receiving.js';

/**
 * Looks whether receiving would not have to wait, and takes nothing: there is a message, or there
 * will be none any more. One attempt.
 */
export class Polling implements Attempt<true | Closed> {
  readonly #source: Pick<Source<unknown>, 'size'>;
  readonly #peer: Peer;
  readonly #life: Life;

  /**
   * @param source - where messages arrive
   * @param peer - the end that sends them
   * @param life - tells when the receiving end was closed by its own agent
   */
  constructor(source: Pick<Source<unknown>, 'size'>, peer: Peer, life: Life) {
    this.#source = source;
    this.#peer = peer;
    this.#life = life;
  }

  take(thorough: boolean): true | Closed | undefined {
    if (this.#life.isOver) return CLOSED;
    return this.#source.size > 0 || !this.#peer.isOpen(thorough) ? true : undefined;
  }

  /** The message is still there, for one who may have been passed over. */
  more(): boolean {
    return true;
  }
}
