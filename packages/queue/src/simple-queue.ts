import {
  type Attachment,
  attach,
  Channel,
  type Handle,
  type MessageView,
  type NameOptions,
  openObject,
  registerType,
  SharedObject,
  type Taken,
  type WaitOptions,
} from '@multiproc/core';
import { QueueClosedError } from './errors.js';
import { Intake } from './intake.js';
import { Outlet } from './outlet.js';
import { type GetOptions, receive, type ViewOptions } from './receive.js';
import { queueSpec, storeOf } from './spec.js';

const SPEC = queueSpec('SimpleQueue', Channel.WORDS, { count: 1, first: Channel.OWNED }, 0);

const NO_OPTIONS: WaitOptions = {};
const NO_PRIORITY = 0;

/**
 * A queue without a bound, and with nothing but putting and getting. It has the guarantees of
 * `Queue`, which does all that this one does.
 *
 * Fairness: none between agents; calls of one agent that wait are served in their order.
 *
 * Python counterpart: `multiprocessing.SimpleQueue`. Differences: `put` never waits for a reader
 * while there is memory; waiting calls take a time-out and a signal; a consumer that is killed
 * blocks nobody.
 *
 * @typeParam Item - what is put in
 *
 * @example
 * ```ts
 * import { SimpleQueue } from '@multiproc/queue';
 *
 * const queue = new SimpleQueue<number>();
 * await queue.put(42);
 * console.log(await queue.get(), queue.empty()); // → 42 true
 * ```
 */
export class SimpleQueue<Item = unknown> extends SharedObject {
  static {
    registerType({ name: 'SimpleQueue', shared: SimpleQueue, module: import.meta.url });
  }

  readonly #channel!: Channel;
  readonly #intake!: Intake<Item>;
  readonly #outlet!: Outlet;
  #isClosed = false;

  /**
   * Makes an empty queue, or finds the one with the name.
   *
   * @param options - `name`, to share it without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: NameOptions);
  /** @internal */
  constructor(options: NameOptions | Attachment);
  constructor(options: NameOptions | Attachment = {}) {
    const source = openObject(SPEC, options);
    if (source instanceof SimpleQueue) return source;
    super(SPEC, source);
    this.#channel = new Channel(this.family, storeOf(this.content));
    const place = {
      store: this.#channel,
      agent: this.family.agent,
      maxsize: Number.POSITIVE_INFINITY,
      checkOpen: (call: string) => this.#checkOpen(call),
    };
    this.#intake = new Intake(place);
    this.#outlet = new Outlet(place);
  }

  /**
   * The queue that a handle names.
   *
   * @param handle - `queue.handle` of any agent of the family
   * @throws HandleError (`ERR_HANDLE`)
   */
  static from<Item = unknown>(handle: Handle): SimpleQueue<Item> {
    return attach(handle, 'SimpleQueue') as SimpleQueue<Item>;
  }

  /**
   * Whether nothing is in the queue.
   *
   * @throws QueueClosedError (`ERR_QUEUE_CLOSED`) after `close`
   */
  empty(): boolean {
    this.#checkOpen('empty');
    return this.#channel.size === 0;
  }

  /**
   * Puts an item in. Waits only while the family's memory is full.
   *
   * @param item - anything that can travel
   * @param options - `timeout` in milliseconds, `signal`
   * @throws EncodeError (`ERR_ENCODE`) at once, with the path of what cannot travel
   * @throws QueueFullError after the time-out, QueueClosedError
   */
  put(item: Item, options: WaitOptions = NO_OPTIONS): Promise<void> {
    return this.#intake.put(item, options, NO_PRIORITY);
  }

  /**
   * As `put`, blocking the thread.
   *
   * @param item - anything that can travel
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @throws as `put`
   */
  putSync(item: Item, options: WaitOptions = NO_OPTIONS): void {
    if (options === NO_OPTIONS && this.#intake.putFree(item, NO_PRIORITY)) return;
    this.#intake.putSync(item, options, NO_PRIORITY);
  }

  /**
   * Gets the oldest item, waiting for one.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @throws QueueEmptyError after the time-out, QueueClosedError
   * @throws DecodeError (`ERR_DECODE`), with the bytes, for an item that this agent cannot decode
   */
  get(options?: GetOptions): Promise<Item>;
  /** As above; large binary data stay in shared memory until the view is disposed of. */
  get(options: ViewOptions): Promise<MessageView<Item>>;
  async get(options: GetOptions | ViewOptions = NO_OPTIONS): Promise<Item | MessageView<Item>> {
    return this.#outlet.get(options, (taken) => this.#receive(taken, options));
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
    return this.#receive(this.#outlet.getSync(options), options);
  }

  /** Says that this agent will not use the queue any more. Others go on. May be called again. */
  close(): void {
    this.checkUsable();
    this.#isClosed = true;
    this.family.agent.pending.serve();
  }

  protected override describe(): string {
    return `size: ${this.#channel.size}`;
  }

  protected override use(): string | undefined {
    const { pending } = this.family.agent;
    const isAwaited = this.#outlet.isAwaited || pending.has(this.#channel.room);
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
