import { type Encoded, readPayload } from '@multiproc/core';
import { clock } from './clock.js';
import { Lane } from './lane.js';
import {
  CANCEL,
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

/** Encoded values taken out of a slot: bytes, or a payload in the arena. */
export interface StoredArguments {
  readonly bytes: Uint8Array | undefined;
  /** 0: none. Whoever has this object frees it. */
  readonly payload: number;
}

/** A progress value as it was received. */
export interface ReceivedProgress {
  readonly slot: number;
  readonly ticket: number;
  /** To be freed by the receiver. */
  readonly payload: number;
}

/** The owner's side of a lane. */
export class LaneOwner {
  /** The shared object, which the worker gets as an argument. */
  readonly lane: Lane;
  readonly #words: Int32Array;
  #orderTail = 0;
  #doneHead = 0;

  /** @param lane - left out: a new one */
  constructor(lane = new Lane()) {
    this.lane = lane;
    this.#words = lane.words;
  }

  /** Whether the order ring has room for another task, and for telling what its function is. */
  get hasRoom(): boolean {
    const head = Atomics.load(this.#words, this.lane.at(LANE.ORDER_HEAD));
    return ((this.#orderTail - head) | 0) <= ORDER_ENTRIES - 2;
  }

  /** How far the worker is; one of PHASE. */
  get phase(): number {
    return Atomics.load(this.#words, this.lane.at(LANE.PHASE));
  }

  /** Slot of the task that holds the worker's thread, -1: none. */
  get holder(): number {
    return Atomics.load(this.#words, this.lane.at(LANE.HOLDER)) - 1;
  }

  /**
   * Hands a task to the worker, without waking it.
   *
   * @param slot - a slot that is free
   * @throws ArenaFullError, DisposedError; nothing has been changed then
   */
  put(slot: number, ticket: number, call: number, flags: number, encoded: Encoded): void {
    const { lane } = this;
    if (lane.fits(encoded)) {
      encoded.copyTo(lane.argumentBytes(slot, encoded.byteLength));
      this.#words[lane.slotAt(slot, SLOT.LENGTH)] = encoded.byteLength;
    } else {
      lane.own(OWNED_WORDS.ARGUMENTS + slot, encoded);
      this.#words[lane.slotAt(slot, SLOT.LENGTH)] = -1;
    }
    this.#order(slot, ticket, call, flags);
  }

  /** The same with arguments that waited as a payload. */
  putPayload(slot: number, ticket: number, call: number, flags: number, payload: number): void {
    this.lane.adopt(OWNED_WORDS.ARGUMENTS + slot, payload);
    this.#words[this.lane.slotAt(slot, SLOT.LENGTH)] = -1;
    this.#order(slot, ticket, call, flags);
  }

  #order(slot: number, ticket: number, call: number, flags: number): void {
    const words = this.#words;
    const { lane } = this;
    words[lane.slotAt(slot, SLOT.CALL)] = call;
    words[lane.slotAt(slot, SLOT.FLAGS)] = flags;
    Atomics.store(words, lane.slotAt(slot, SLOT.CANCEL), CANCEL.NONE);
    Atomics.store(words, lane.slotAt(slot, SLOT.STATE), (ticket << STATE_BITS) | STATE.QUEUED);
    const entry = lane.at(LANE.ORDER_RING + (this.#orderTail & (ORDER_ENTRIES - 1)));
    words[entry] = slot | (ticket << SLOT_BITS);
    this.#orderTail = (this.#orderTail + 1) | 0;
    // Publishes the slot and the entry to `LaneWorker.next`.
    Atomics.store(words, lane.at(LANE.ORDER_TAIL), this.#orderTail);
  }

  /** Wakes the worker, if it waits. */
  wake(): void {
    this.lane.work.wake(this.lane.agent, false);
  }

  /** What has become of a task; one of STATE. */
  stateOf(slot: number): number {
    const state = Atomics.load(this.#words, this.lane.slotAt(slot, SLOT.STATE));
    return state & ((1 << STATE_BITS) - 1);
  }

  /** Takes a task back that has not been begun. `false` when it has. */
  recall(slot: number, ticket: number): boolean {
    const index = this.lane.slotAt(slot, SLOT.STATE);
    const queued = (ticket << STATE_BITS) | STATE.QUEUED;
    return Atomics.compareExchange(this.#words, index, queued, STATE.FREE) === queued;
  }

  /**
   * Takes the arguments of a task out of its slot: bytes are a view that is valid until the slot is used
   * again. `undefined`: the worker has them.
   */
  takeArguments(slot: number): StoredArguments | undefined {
    const length = this.#words[this.lane.slotAt(slot, SLOT.LENGTH)] as number;
    if (length >= 0) {
      return { bytes: this.lane.argumentBytes(slot, length), payload: 0 };
    }
    const payload = this.lane.disown(OWNED_WORDS.ARGUMENTS + slot);
    return payload === 0 ? undefined : { bytes: undefined, payload };
  }

  /** Asks a running task to stop, and wakes the worker. */
  cancel(slot: number, reason: number): void {
    Atomics.store(this.#words, this.lane.slotAt(slot, SLOT.CANCEL), reason);
    // Publishes the reason to `LaneWorker.cancelled`.
    Atomics.add(this.#words, this.lane.at(LANE.CANCELS), 1);
    this.wake();
  }

  /** For how many microseconds a running task has run. */
  runningFor(slot: number): number {
    return (clock() - this.startedAt(slot)) | 0;
  }

  /** When the task of a slot was begun, as `clock()` tells it. */
  startedAt(slot: number): number {
    return Atomics.load(this.#words, this.lane.slotAt(slot, SLOT.STARTED));
  }

  /** How long the finished task of a slot ran, in microseconds. */
  ranFor(slot: number): number {
    return this.#words[this.lane.slotAt(slot, SLOT.RAN)] as number;
  }

  /** How the finished task of a slot ended; see OUTCOME. */
  outcomeOf(slot: number): number {
    return this.#words[this.lane.slotAt(slot, SLOT.OUTCOME)] as number;
  }

  /** How many tasks have been finished and not been collected by {@link nextDone}. */
  get done(): number {
    return (Atomics.load(this.#words, this.lane.at(LANE.DONE_TAIL)) - this.#doneHead) | 0;
  }

  /** The slot of the next finished task; to be called only while {@link done} is above 0. */
  nextDone(): number {
    const slot = this.#words[
      this.lane.at(LANE.DONE_RING + (this.#doneHead & (SLOTS - 1)))
    ] as number;
    this.#doneHead = (this.#doneHead + 1) | 0;
    return slot;
  }

  /** The encoded result of a finished task: a view that is valid until {@link free}. */
  result(slot: number): Uint8Array {
    const length = this.#words[this.lane.slotAt(slot, SLOT.RESULT_LENGTH)] as number;
    if (length >= 0) return this.lane.resultBytes(slot, length);
    return readPayload(this.lane.arena, this.lane.owned(OWNED_WORDS.RESULTS + slot));
  }

  /** Takes the result's block out of a slot, so that the slot can be used again before it is decoded. */
  takeResult(slot: number): StoredArguments {
    const length = this.#words[this.lane.slotAt(slot, SLOT.RESULT_LENGTH)] as number;
    if (length >= 0) return { bytes: this.lane.resultBytes(slot, length).slice(), payload: 0 };
    return { bytes: undefined, payload: this.lane.disown(OWNED_WORDS.RESULTS + slot) };
  }

  /** Frees what is left in a slot that is done with. */
  free(slot: number): void {
    this.lane.discard(OWNED_WORDS.ARGUMENTS + slot);
    this.lane.discard(OWNED_WORDS.RESULTS + slot);
  }

  /** The next progress value. */
  takeProgress(): ReceivedProgress | undefined {
    const words = this.#words;
    const head = Atomics.load(words, this.lane.at(LANE.PROGRESS_HEAD));
    if (head === Atomics.load(words, this.lane.at(LANE.PROGRESS_TAIL))) return undefined;
    const position = head & (PROGRESS_ENTRIES - 1);
    const entry = words[this.lane.at(LANE.PROGRESS_RING + position)] as number;
    const payload = this.lane.disown(OWNED_WORDS.PROGRESS + position);
    Atomics.store(words, this.lane.at(LANE.PROGRESS_HEAD), (head + 1) | 0);
    return { slot: entry & (SLOTS - 1), ticket: entry >>> SLOT_BITS, payload };
  }

  /** The encoded error of a failed initializer. `undefined`: there is none. */
  failure(): Uint8Array | undefined {
    const payload = this.lane.owned(OWNED_WORDS.FAILURE);
    return payload === 0 ? undefined : readPayload(this.lane.arena, payload);
  }

  /** Has the worker end when its last task has ended. */
  control(word: number): void {
    Atomics.store(this.#words, this.lane.at(LANE.CONTROL), word);
    this.wake();
  }

  /** Gives the lane up. The worker's own reference goes with the worker. */
  dispose(): void {
    this.lane[Symbol.dispose]();
  }
}
