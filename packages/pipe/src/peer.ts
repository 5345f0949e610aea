import { type Family, isLiving } from '@multiproc/core';
import type { Token } from './token.js';

/** The other end of a pipe, as an attempt sees it. */
export interface Peer {
  /**
   * Whether somebody still holds the other end. Once `false`, it stays so.
   *
   * @param thorough - also look whether its holders have died without anybody noticing
   */
  isOpen(thorough: boolean): boolean;
}

/**
 * The other end, by a weak reference: an end that kept the other one alive would never see it
 * close.
 */
export class PeerEnd implements Peer {
  readonly #family: Family;
  readonly #token: Token;

  /**
   * @param family - the family
   * @param token - of this end; names the other
   */
  constructor(family: Family, token: Token) {
    this.#family = family;
    this.#token = token;
  }

  isOpen(thorough: boolean): boolean {
    if (!this.#isLiving) return false;
    if (!thorough) return true;
    // What a dead agent held counts until the agent is reaped, and its starter, who would do that,
    // may be the one that is blocked in this attempt.
    this.#family.reaper.look();
    return this.#isLiving;
  }

  get #isLiving(): boolean {
    return isLiving(this.#family.arena, this.#token.peer, this.#token.peerSerial);
  }
}
