import {
  type Attachment,
  type Attempt,
  attach,
  block,
  blockAsync,
  Channel,
  type Handle,
  openObject,
  registerType,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';
import { Accounts } from './accounts.js';
import { BaseQueue } from './base-queue.js';
import { maxsizeOf, type QueueOptions, queueSpec } from './spec.js';

/** The words of the channel, and then those of the accounts. */
const WORDS = Channel.WORDS + Accounts.WORDS;
const OWNED = {
  count: 2,
  first: Channel.OWNED,
  stride: Channel.WORDS + Accounts.OWNED - Channel.OWNED,
};

const NO_OPTIONS: WaitOptions = {};

/** A channel and who has taken what from it. */
class JoinableStore extends Channel {
  readonly accounts: Accounts;

  constructor(...[family, index]: ConstructorParameters<typeof Accounts>) {
    const accounts = new Accounts(family, index + Channel.WORDS);
    super(family, index, accounts);
    this.accounts = accounts;
  }
}

/**
 * A queue that can be joined: `join` waits until every item that was put has been said to be done.
 *
 * Fairness: none between agents; calls of one agent that wait are served in their order.
 *
 * Python counterpart: `multiprocessing.JoinableQueue`. Differences: a consumer that ends before it
 * called `taskDone` does not hang `join` for ever: its items are counted as done, and a process
 * warning with the code `MULTIPROC_TASK_ABANDONED` says how many; `join` takes a time-out.
 *
 * @typeParam Item - what is put in
 *
 * @example
 * ```ts
 * import { JoinableQueue } from '@multiproc/queue';
 *
 * const queue = new JoinableQueue<number>();
 * await queue.put(1);
 * await queue.get();
 * queue.taskDone();
 * console.log(await queue.join()); // → true
 * ```
 */
export class JoinableQueue<Item = unknown> extends BaseQueue<Item> {
  static {
    registerType({ name: 'JoinableQueue', shared: JoinableQueue, module: import.meta.url });
  }

  declare protected readonly store: JoinableStore;
  readonly #joins!: Attempt<true>;

  /**
   * Makes an empty queue, or finds the one with the name.
   *
   * @param options - `maxsize`: how many items it may hold; `name`, to share it without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   *   ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: QueueOptions);
  /** @internal */
  constructor(options: QueueOptions | Attachment);
  constructor(options: QueueOptions | Attachment = {}) {
    const spec = queueSpec('JoinableQueue', WORDS, OWNED, maxsizeOf(options));
    const source = openObject(spec, options);
    if (source instanceof JoinableQueue) return source;
    const makeStore = (...[family, index]: ConstructorParameters<typeof JoinableStore>) =>
      new JoinableStore(family, index);
    super(spec, source as Attachment | undefined, makeStore);
    const { store } = this;
    this.#joins = {
      take: (thorough) => {
        if (thorough) store.accounts.closeDead();
        return store.accounts.isFinished(store) || undefined;
      },
      more: () => true,
      isBroadcast: true,
    };
  }

  /**
   * The queue that a handle names.
   *
   * @param handle - `queue.handle` of any agent of the family
   * @throws HandleError (`ERR_HANDLE`)
   */
  static from<Item = unknown>(handle: Handle): JoinableQueue<Item> {
    return attach(handle, 'JoinableQueue') as JoinableQueue<Item>;
  }

  /**
   * Says that one item is done that was got before, by this agent or another. Never waits.
   *
   * @throws TaskDoneTooOftenError (`ERR_TASK_DONE_TOO_OFTEN`) when no item is unfinished
   */
  taskDone(): void {
    this.checkUsable();
    this.store.accounts.done(this.store);
  }

  /**
   * Waits until there is no item that was put and is not done. Everybody who waits is told.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, or `false` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  join(options?: UntimedOptions): Promise<true>;
  /** As above, and `false` after the time-out. */
  join(options: WaitOptions): Promise<boolean>;
  async join(options: WaitOptions = NO_OPTIONS): Promise<boolean> {
    this.checkUsable();
    const { pending } = this.family.agent;
    const { finished } = this.store.accounts;
    return (await blockAsync(pending, finished, this.#joins, options)) === true;
  }

  /**
   * As `join`, blocking the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true`, or `false` after the time-out
   * @throws as `join`
   */
  joinSync(options: WaitOptions = NO_OPTIONS): boolean {
    this.checkUsable();
    const { finished } = this.store.accounts;
    return block(this.family.agent, finished, this.#joins, options) === true;
  }

  protected override drain(): void {
    for (;;) {
      const taken = this.store.take();
      if (taken === undefined) return;
      taken.free();
      this.store.accounts.done(this.store);
    }
  }

  protected override use(): string | undefined {
    const isJoined = this.family.agent.pending.has(this.store.accounts.finished);
    return isJoined ? 'a call of this agent is waiting for it' : super.use();
  }
}
