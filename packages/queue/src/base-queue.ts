import {
  type Attachment,
  checkOptions,
  type Family,
  isTurnOver,
  type MessageView,
  nextTurn,
  type ObjectSpec,
  SharedObject,
  type Taken,
  type WaitOptions,
} from '@multiproc/core';
import { QueueClosedError, QueueNotClosedError, QueueShutDownError } from './errors.js';
import { Intake } from './intake.js';
import { Outlet } from './outlet.js';
import type { Place } from './place.js';
import { type GetOptions, receive, type ViewOptions } from './receive.js';
import { readMaxsize, storeOf } from './spec.js';
import type { Store } from './store.js';

/** Options of `shutdown`. */
export interface ShutdownOptions {
  /** Throw away what is in the queue, instead of letting consumers get it. */
  immediate?: boolean | undefined;
}

const NO_OPTIONS: WaitOptions = {};
const NO_WAIT: WaitOptions = { timeout: 0 };
const NO_PRIORITY = 0;

/** How many items `shutdown({ immediate: true })` throws away in one round of the lock. */
const DRAINED = 256;

/**
 * What all queues have in common: waiting for room and for items, closing, shutting down. The order
 * in which items come out is that of the store.
 */
export abstract class BaseQueue<Item> extends SharedObject implements AsyncIterable<Item> {
  /** How many items it may hold: `Infinity` when it was made without a bound. */
  readonly maxsize!: number;
  /** @internal Where the items are. */
  protected readonly store!: Store;
  readonly #intake!: Intake<Item>;
  readonly #outlet!: Outlet;
  #isClosed = false;

  /** @internal */
  protected constructor(
    spec: ObjectSpec,
    attachment: Attachment | undefined,
    makeStore: (family: Family, index: number) => Store,
  ) {
    super(spec, attachment);
    this.maxsize = readMaxsize(this.family.memory.words, this.content);
    this.store = makeStore(this.family, storeOf(this.content));
    const { store, family } = this;
    const place: Place = {
      store,
      agent: family.agent,
      maxsize: this.maxsize,
      checkOpen: (call) => this.#checkOpen(call),
    };
    this.#intake = new Intake(place);
    this.#outlet = new Outlet(place);
  }

  /** How many items are in the queue: exact at one moment during the call, on every platform. */
  qsize(): number {
    this.checkUsable();
    return this.store.size;
  }

  /** Whether nothing is in the queue. */
  empty(): boolean {
    return this.qsize() === 0;
  }

  /** Whether the queue holds `maxsize` items. */
  full(): boolean {
    return this.qsize() >= this.maxsize;
  }

  /**
   * Puts an item in, waiting for room. When the promise resolves, the item is in shared memory: the
   * caller may exit or be killed. The item is encoded before the call returns, so later changes to
   * it do not travel. Calls of one agent that wait are served in the order in which they were made.
   *
   * @param item - anything that can travel
   * @param options - `timeout` in milliseconds, `signal`
   * @throws EncodeError (`ERR_ENCODE`) at once, with the path of what cannot travel
   * @throws {@link QueueFullError} after the time-out, {@link QueueClosedError}, {@link QueueShutDownError}
   * @throws ArenaFullError (`ERR_ARENA_FULL`) when the item could never fit
   */
  async put(item: Item, options: WaitOptions = NO_OPTIONS): Promise<void> {
    const priority = this.priorityOf(item, options);
    if (options !== NO_OPTIONS || !this.#intake.putFree(item, priority)) {
      await this.#intake.put(item, options, priority);
    } else if (isTurnOver()) await nextTurn();
  }

  /**
   * As `put`, blocking the thread.
   *
   * @param item - anything that can travel
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @throws as `put`
   */
  putSync(item: Item, options: WaitOptions = NO_OPTIONS): void {
    const priority = this.priorityOf(item, options);
    if (options === NO_OPTIONS && this.#intake.putFree(item, priority)) return;
    this.#intake.putSync(item, options, priority);
  }

  /**
   * Puts an item in if there is room now.
   *
   * @param item - anything that can travel
   * @throws {@link QueueFullError} when there is none, or when an agent was stopped in the middle of
   *   another `put` for more than a second, and as `put`
   */
  putNowait(item: Item): void {
    this.putSync(item, NO_WAIT);
  }

  /**
   * Puts items in, in their order, taking the queue's lock once for as many as there is room for.
   *
   * @param items - all are encoded before the first goes in
   * @param options - `timeout` for all together, `signal`
   * @returns how many there were
   * @throws as `put`; of {@link QueueFullError} and {@link QueueShutDownError}, `count` says how many
   *   went in
   */
  putMany(items: Iterable<Item>, options: WaitOptions = NO_OPTIONS): Promise<number> {
    return this.#intake.putMany(items, options, (item) => this.priorityOf(item, options));
  }

  /**
   * As `putMany`, blocking the thread.
   *
   * @param items - all are encoded before the first goes in
   * @param options - `timeout` for all together; `signal` counts only when it is aborted already
   * @returns how many there were
   * @throws as `putMany`
   */
  putManySync(items: Iterable<Item>, options: WaitOptions = NO_OPTIONS): number {
    return this.#intake.putManySync(items, options, (item) => this.priorityOf(item, options));
  }

  /**
   * Gets the next item, waiting for one. A call that times out or is aborted takes nothing. Calls
   * of one agent that wait are served in the order in which they were made; among agents, whoever
   * is awake may be first.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @throws {@link QueueEmptyError} after the time-out, {@link QueueClosedError}, {@link QueueShutDownError}
   * @throws DecodeError (`ERR_DECODE`), with the bytes, for an item that this agent cannot decode; the
   *   item is taken, and the queue goes on
   */
  get(options?: GetOptions): Promise<Item>;
  /** As above; large binary data stay in shared memory until the view is disposed of. */
  get(options: ViewOptions): Promise<MessageView<Item>>;
  async get(options: GetOptions | ViewOptions = NO_OPTIONS): Promise<Item | MessageView<Item>> {
    const taken = options === NO_OPTIONS ? this.#outlet.getFree() : undefined;
    if (taken === undefined) {
      return this.#outlet.get(options, (awaited) => this.#receive(awaited, options));
    }
    const item = taken.receive() as Item;
    if (isTurnOver()) await nextTurn();
    return item;
  }

  /**
   * As `get`, blocking the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @throws as `get`
   */
  getSync(options?: GetOptions): Item;
  /** As above; large binary data stay in shared memory until the view is disposed of. */
  getSync(options: ViewOptions): MessageView<Item>;
  getSync(options: GetOptions | ViewOptions = NO_OPTIONS): Item | MessageView<Item> {
    const taken = options === NO_OPTIONS ? this.#outlet.getFree() : undefined;
    if (taken !== undefined) return taken.receive() as Item;
    return this.#receive(this.#outlet.getSync(options), options);
  }

  /**
   * Gets the next item if there is one now.
   *
   * @throws {@link QueueEmptyError} when there is none, or when an agent was stopped in the middle of
   *   another `get` for more than a second, and as `get`
   */
  getNowait(): Item {
    return this.getSync(NO_WAIT);
  }

  /**
   * Gets several items at once, waiting for the first. An agent that is killed meanwhile may lose
   * all of them.
   *
   * @param max - how many at the most
   * @param options - `timeout` in milliseconds, `signal`
   * @returns at least one item
   * @throws as `get`
   */
  async getMany(max: number, options: WaitOptions = NO_OPTIONS): Promise<Item[]> {
    return (await this.#outlet.getMany(max, options)) as Item[];
  }

  /**
   * As `getMany`, blocking the thread.
   *
   * @param max - how many at the most
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns at least one item
   * @throws as `get`
   */
  getManySync(max: number, options: WaitOptions = NO_OPTIONS): Item[] {
    return this.#outlet.getManySync(max, options) as Item[];
  }

  /**
   * Gets items until the queue is shut down and empty, or closed here. An item is taken only when
   * the loop asks for it, so a slow consumer leaves the others to somebody else.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for (;;) {
      let item: Item;
      try {
        item = await this.get();
      } catch (error) {
        if (error instanceof QueueShutDownError || error instanceof QueueClosedError) return;
        throw error;
      }
      yield item;
    }
  }

  /**
   * Ends the queue for everybody: nothing can be put any more, and when it is empty, every `get`
   * throws and every loop over it ends. Calls that wait are told.
   *
   * @param options - `immediate: true` throws away what is in it
   */
  shutdown(options: ShutdownOptions = {}): void {
    this.checkUsable();
    checkOptions(options);
    this.store.end();
    if (options.immediate) this.drain();
  }

  /**
   * Says that this agent will neither put nor get any more. Calls of this agent that wait are
   * refused. Others go on; what was put stays. May be called again.
   */
  close(): void {
    this.checkUsable();
    this.#isClosed = true;
    this.family.agent.pending.serve();
  }

  /**
   * For programs written for Python, whose `put` leaves the item to a thread: here it is in shared
   * memory already, and there is nothing to wait for.
   *
   * @throws {@link QueueNotClosedError} when `close` has not been called
   */
  async joinThread(): Promise<void> {
    this.joinThreadSync();
  }

  /**
   * As `joinThread`.
   *
   * @throws {@link QueueNotClosedError} when `close` has not been called
   */
  joinThreadSync(): void {
    this.checkUsable();
    if (!this.#isClosed) throw new QueueNotClosedError('call close() before joinThread()');
  }

  /** For programs written for Python: does nothing, since the end of a process never waits for items. */
  cancelJoinThread(): void {
    this.checkUsable();
  }

  /** @internal What `Store.put` is told about an item. */
  protected priorityOf(_item: Item, _options: WaitOptions): number {
    return NO_PRIORITY;
  }

  /** @internal Throws away what is in it. */
  protected drain(): void {
    for (;;) {
      const taken = this.store.takeMany(DRAINED);
      for (const each of taken) each.free();
      if (taken.length === 0) return;
    }
  }

  protected override describe(): string {
    const { size } = this.store;
    return `size: ${size}${this.store.isEnded ? ', shut down' : ''}`;
  }

  protected override use(): string | undefined {
    const isAwaited = this.#outlet.isAwaited || this.family.agent.pending.has(this.store.room);
    return isAwaited ? 'a call of this agent is waiting for it' : undefined;
  }

  #receive(taken: Taken, options: GetOptions | ViewOptions): Item | MessageView<Item> {
    return receive<Item>(this.family, taken, options, () => this.keep());
  }

  #checkOpen(call: string): void {
    this.checkUsable();
    if (this.#isClosed) throw new QueueClosedError(`${call}: the queue was closed by this agent`);
  }
}
