import { type Encoded, freePayload, readPayload } from '@multiproc/core';
import { clock } from './clock.js';
import type { Lane } from './lane.js';
import {
  CONTROL,
  FLAG,
  LANE,
  ORDER_ENTRIES,
  OWNED_WORDS,
  PROGRESS_ENTRIES,
  SLOT,
  SLOT_BITS,
  SLOTS,
  STATE,
  STATE_BITS,
} from './lane-layout.js';

/** The worker's side of a lane. */
export class LaneWorker {
  readonly lane: Lane;
  readonly #words: Int32Array;
  #orderHead = 0;
  #doneTail = 0;

  /** @param lane - the lane that the pool made for this worker */
  constructor(lane: Lane) {
    this.lane = lane;
    this.#words = lane.words;
  }

  /** Whether there may be a task to begin. */
  get hasNext(): boolean {
    return Atomics.load(this.#words, this.lane.at(LANE.ORDER_TAIL)) !== this.#orderHead;
  }

  /** Whether the worker is to end when it has nothing left to do. */
  get isClosing(): boolean {
    return Atomics.load(this.#words, this.lane.at(LANE.CONTROL)) === CONTROL.CLOSE;
  }

  /**
   * Begins the next task that has not been recalled.
   *
   * @returns its slot, -1: there is none
   */
  next(): number {
    const words = this.#words;
    const { lane } = this;
    while (this.hasNext) {
      const entry = words[
        lane.at(LANE.ORDER_RING + (this.#orderHead & (ORDER_ENTRIES - 1)))
      ] as number;
      const slot = entry & (SLOTS - 1);
      const ticket = entry >>> SLOT_BITS;
      const queued = (ticket << STATE_BITS) | STATE.QUEUED;
      const running = (ticket << STATE_BITS) | STATE.RUNNING;
      const state = lane.slotAt(slot, SLOT.STATE);
      // Before the task counts as running, because the owner reads it as soon as it does. When the entry is
      // stale, the slot's next task has not been begun yet and sets it again.
      Atomics.store(words, lane.slotAt(slot, SLOT.STARTED), clock());
      const isMine = Atomics.compareExchange(words, state, queued, running) === queued;
      this.#orderHead = (this.#orderHead + 1) | 0;
      // After the look at the slot: gives the entry back to the owner.
      Atomics.store(words, lane.at(LANE.ORDER_HEAD), this.#orderHead);
      if (isMine) return slot;
    }
    return -1;
  }

  /** What is to be called, and how. */
  callOf(slot: number): number {
    return this.#words[this.lane.slotAt(slot, SLOT.CALL)] as number;
  }

  /** FLAGS of a slot. */
  flagsOf(slot: number): number {
    return this.#words[this.lane.slotAt(slot, SLOT.FLAGS)] as number;
  }

  /** The number that tells the task from all others that the slot held. */
  ticketOf(slot: number): number {
    return (this.#words[this.lane.slotAt(slot, SLOT.STATE)] as number) >>> STATE_BITS;
  }

  /** When the task was begun, as `clock()` tells it. */
  startedAt(slot: number): number {
    return this.#words[this.lane.slotAt(slot, SLOT.STARTED)] as number;
  }

  /** The encoded arguments: a view that is valid until {@link argumentsRead}. */
  arguments(slot: number): Uint8Array {
    const length = this.#words[this.lane.slotAt(slot, SLOT.LENGTH)] as number;
    if (length >= 0) return this.lane.argumentBytes(slot, length);
    return readPayload(this.lane.arena, this.lane.owned(OWNED_WORDS.ARGUMENTS + slot));
  }

  /** Frees the arguments, unless the owner may need them again. */
  argumentsRead(slot: number): void {
    if ((this.flagsOf(slot) & FLAG.KEEP) === 0) this.lane.discard(OWNED_WORDS.ARGUMENTS + slot);
  }

  /** Which task holds the thread now, so that the owner can tell which one blocks it. -1: none. */
  hold(slot: number): void {
    Atomics.store(this.#words, this.lane.at(LANE.HOLDER), slot + 1);
  }

  /**
   * Hands the result of a task over, without waking the owner.
   *
   * @param slot - begun by {@link next}
   * @param outcome - see OUTCOME
   * @param encoded - the result
   * @param ran - how long it ran, in microseconds
   * @throws ArenaFullError, DisposedError; nothing has been changed then
   */
  finish(slot: number, outcome: number, encoded: Encoded, ran: number): void {
    const words = this.#words;
    const { lane } = this;
    if (lane.fits(encoded)) {
      encoded.copyTo(lane.resultBytes(slot, encoded.byteLength));
      words[lane.slotAt(slot, SLOT.RESULT_LENGTH)] = encoded.byteLength;
    } else {
      lane.own(OWNED_WORDS.RESULTS + slot, encoded);
      words[lane.slotAt(slot, SLOT.RESULT_LENGTH)] = -1;
    }
    words[lane.slotAt(slot, SLOT.OUTCOME)] = outcome;
    words[lane.slotAt(slot, SLOT.RAN)] = ran;
    const state = lane.slotAt(slot, SLOT.STATE);
    const running = words[state] as number;
    // From here on the result counts, whatever becomes of this worker.
    Atomics.store(words, state, (running & (-1 << STATE_BITS)) | STATE.DONE);
    words[lane.at(LANE.DONE_RING + (this.#doneTail & (SLOTS - 1)))] = slot;
    this.#doneTail = (this.#doneTail + 1) | 0;
    // Publishes the entry to `LaneOwner.nextDone`.
    Atomics.store(words, lane.at(LANE.DONE_TAIL), this.#doneTail);
  }

  /** Moves with each cancellation. */
  get cancels(): number {
    return Atomics.load(this.#words, this.lane.at(LANE.CANCELS));
  }

  /** Why a task is to stop; one of CANCEL. */
  cancelled(slot: number): number {
    return Atomics.load(this.#words, this.lane.slotAt(slot, SLOT.CANCEL));
  }

  /**
   * Sends a progress value, without waking the owner.
   *
   * @returns `false` when there are too many on their way
   * @throws ArenaFullError, DisposedError
   */
  pushProgress(slot: number, encoded: Encoded): boolean {
    const words = this.#words;
    const { lane } = this;
    const tail = Atomics.load(words, lane.at(LANE.PROGRESS_TAIL));
    const head = Atomics.load(words, lane.at(LANE.PROGRESS_HEAD));
    if (((tail - head) | 0) >= PROGRESS_ENTRIES) return false;
    const position = tail & (PROGRESS_ENTRIES - 1);
    lane.own(OWNED_WORDS.PROGRESS + position, encoded);
    words[lane.at(LANE.PROGRESS_RING + position)] = slot | (this.ticketOf(slot) << SLOT_BITS);
    // Publishes the entry to `LaneOwner.takeProgress`.
    Atomics.store(words, lane.at(LANE.PROGRESS_TAIL), (tail + 1) | 0);
    return true;
  }

  /** Tells how far this worker is; one of PHASE. */
  reach(phase: number): void {
    Atomics.store(this.#words, this.lane.at(LANE.PHASE), phase);
  }

  /** Leaves the error of the initializer for the owner. */
  fail(encoded: Encoded): void {
    this.lane.own(OWNED_WORDS.FAILURE, encoded);
  }

  /** Frees the payload of a value that was read. */
  freePayload(payload: number): void {
    freePayload(this.lane.arena, payload);
  }
}
