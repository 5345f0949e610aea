import type { Memory } from '@multiproc/core';

/**
 * Content of one end of a pipe. An end is *held* by every agent that has it open and by every value
 * on its way that contains it: these are the references of the shared object, so it is freed, and
 * seen as closed by the other end, when the last of them goes, in whatever way.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | MODE | {@link READS}, {@link WRITES} or both | the creator |
 * | PEER, PEER_SERIAL | the other end, by a weak reference | the creator, before anybody else knows this end |
 * | INBOX, INBOX_SERIAL | mailbox of what was sent to this end, 0: none | the creator |
 * | OUTBOX, OUTBOX_SERIAL | mailbox of the other end, by a weak reference, 0: none | the creator |
 *
 * An end keeps its own mailbox alive (DATA of the object holds it), so what was sent waits there
 * while the end is on its way. It does not keep the other's: a message that contains this end would
 * otherwise keep itself. Each agent that opens an end refers to both mailboxes on its own account,
 * which lets it put messages, and wake whoever waits, without regard to who closes when.
 */
export const TOKEN_WORDS = 7;

const MODE = 0;
const PEER = 1;
const INBOX = 3;
const OUTBOX = 5;

/** Bit of MODE: messages can be received. */
export const READS = 1;
/** Bit of MODE: messages can be sent. */
export const WRITES = 2;

/** Where a shared object lies, and its serial. */
export interface Place {
  readonly offset: number;
  readonly serial: number;
}

/** What a new end is filled with. */
export interface TokenParts {
  /** {@link READS}, {@link WRITES} or both. */
  readonly mode: number;
  /** Its own mailbox. */
  readonly inbox: Place | undefined;
  /** The mailbox of the other end. */
  readonly outbox: Place | undefined;
  /** The other end; left out for the first of two, which is linked later. */
  readonly peer: Place | undefined;
}

/** The words of one end. */
export class Token {
  readonly #words: Int32Array;
  readonly #index: number;

  /**
   * @param memory - the family's memory
   * @param index - index of the first word
   */
  constructor(memory: Memory, index: number) {
    this.#words = memory.words;
    this.#index = index;
  }

  /** {@link READS}, {@link WRITES} or both. */
  get mode(): number {
    return this.#words[this.#index + MODE] as number;
  }

  /** Offset of the other end. */
  get peer(): number {
    return this.#words[this.#index + PEER] as number;
  }

  /** Serial of the other end. */
  get peerSerial(): number {
    return this.#words[this.#index + PEER + 1] as number;
  }

  /** The mailbox of this end; offset 0: it has none. */
  get inbox(): Place {
    return this.#read(INBOX);
  }

  /** The mailbox of the other end; offset 0: it has none. */
  get outbox(): Place {
    return this.#read(OUTBOX);
  }

  /** Fills the words of a new end, which is published afterwards. */
  fill({ mode, inbox, outbox, peer }: TokenParts): void {
    this.#words[this.#index + MODE] = mode;
    if (inbox) this.#write(INBOX, inbox);
    if (outbox) this.#write(OUTBOX, outbox);
    if (peer) this.#write(PEER, peer);
  }

  /** Names the other end; called before any other agent can have a handle of this one. */
  link(peer: Place): void {
    this.#write(PEER, peer);
  }

  #read(word: number): Place {
    const index = this.#index + word;
    return { offset: this.#words[index] as number, serial: this.#words[index + 1] as number };
  }

  #write(word: number, { offset, serial }: Place): void {
    this.#words[this.#index + word] = offset;
    this.#words[this.#index + word + 1] = serial;
  }
}
