import {
  type Agent,
  type Arena,
  type Attachment,
  attach,
  currentFamily,
  type Encoded,
  EventCount,
  freePayload,
  type Handle,
  OWNED,
  registerType,
  SharedObject,
  writeBranch,
  writePayload,
} from '@multiproc/core';
import { INLINE_BYTES, LANE, OWNED_WORDS, SLOT, SLOTS } from './lane-layout.js';

const WORDS = LANE.SLOTS + SLOTS * SLOT.WORDS;

/**
 * What the owner of a pool and one worker share; see `lane-layout.ts`. It is no message channel: a task
 * stays in its slot until its result is collected, so that it can be recalled before it is begun, is
 * known by its state when the worker dies, and need not be sent twice to run elsewhere.
 *
 * This class only knows where everything is. `LaneOwner` and `LaneWorker` are the two sides.
 */
export class Lane extends SharedObject {
  static {
    registerType({ name: 'PoolLane', shared: Lane, module: import.meta.url });
  }

  /** All of the family's memory. */
  readonly words: Int32Array;
  /** Index of the first word of the lane. */
  readonly base: number;
  /** Where payloads lie. */
  readonly arena: Arena;
  /** The calling thread. */
  readonly agent: Agent;
  /** What the worker waits on. */
  readonly work: EventCount;
  readonly #argumentViews: Uint8Array[] = [];
  readonly #resultViews: Uint8Array[] = [];

  /** @param attachment - an existing lane; left out: a new one */
  constructor(attachment?: Attachment) {
    super({ type: 'PoolLane', bytes: WORDS * 4, branch: true, initialise }, attachment);
    const { memory, arena, agent } = this.family;
    this.words = memory.words;
    this.base = this.content;
    this.arena = arena;
    this.agent = agent;
    this.work = new EventCount(memory, this.base + LANE.WORK);
  }

  /** The lane that a handle names. */
  static from(handle: Handle): Lane {
    return attach(handle, 'PoolLane') as Lane;
  }

  /** Index of a word of the lane. */
  at(word: number): number {
    return this.base + word;
  }

  /** Index of a word of a slot. */
  slotAt(slot: number, word: number): number {
    return this.base + LANE.SLOTS + slot * SLOT.WORDS + word;
  }

  /** The place for arguments in a slot: its first `length` bytes. */
  argumentBytes(slot: number, length: number): Uint8Array {
    return this.#bytes(this.#argumentViews, slot, SLOT.ARGUMENT_BYTES, length);
  }

  /** The place for a result in a slot: its first `length` bytes. */
  resultBytes(slot: number, length: number): Uint8Array {
    return this.#bytes(this.#resultViews, slot, SLOT.RESULT_BYTES, length);
  }

  /** Whether an encoded value goes into the slot itself: it is short, and holds no references. */
  fits(encoded: Encoded): boolean {
    return encoded.byteLength <= INLINE_BYTES && encoded.references.length === 0;
  }

  /**
   * Puts a payload into an owned word that is empty.
   *
   * @throws ArenaFullError, DisposedError; nothing has been changed then
   */
  own(word: number, encoded: Encoded): void {
    this.adopt(word, writePayload(this.arena, encoded));
  }

  /** Puts an existing payload into an owned word that is empty. */
  adopt(word: number, payload: number): void {
    Atomics.store(this.words, this.at(LANE.OWNED + word), payload | OWNED.PAYLOAD);
  }

  /** Takes a payload out of an owned word. 0: there is none. The caller frees it. */
  disown(word: number): number {
    const index = this.at(LANE.OWNED + word);
    if (Atomics.load(this.words, index) === 0) return 0;
    // By exchange: at the death of a worker both sides may be at it.
    return Atomics.exchange(this.words, index, 0) & ~OWNED.PAYLOAD;
  }

  /** The payload in an owned word, which stays there. 0: there is none. */
  owned(word: number): number {
    return Atomics.load(this.words, this.at(LANE.OWNED + word)) & ~OWNED.PAYLOAD;
  }

  /** Frees the payload in an owned word, if there is one. */
  discard(word: number): void {
    const payload = this.disown(word);
    if (payload !== 0) freePayload(this.arena, payload);
  }

  protected override use(): undefined {
    return undefined;
  }

  /** Views are kept: a new one costs more than copying a small value. */
  #bytes(views: Uint8Array[], slot: number, word: number, length: number): Uint8Array {
    const kept = views[slot];
    if (kept?.length === length) return kept;
    const start = this.slotAt(slot, word) * 4;
    const view = this.family.memory.bytes.subarray(start, start + length);
    views[slot] = view;
    return view;
  }
}

function initialise(content: number): void {
  const shape = { count: OWNED_WORDS.COUNT, first: LANE.OWNED - LANE.BRANCH };
  writeBranch(currentFamily().memory.words, content + LANE.BRANCH, shape);
}
