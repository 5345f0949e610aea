import {
  type Attachment,
  attach,
  block,
  blockAsync,
  type Handle,
  type NameOptions,
  openObject,
  registerType,
  SharedObject,
  type UntimedOptions,
  type WaitOptions,
} from '@multiproc/core';
import { EpochWord } from './epoch-word.js';

const SPEC = { type: 'Event', bytes: EpochWord.WORDS * 4 };

const NO_OPTIONS: WaitOptions = {};

/**
 * A flag that threads and processes of a family wait for.
 *
 * `set()` wakes everybody who is waiting at that moment, each exactly once, even when `clear()`
 * follows at once. It never waits for anybody, so a waiter that is killed does not disturb it.
 *
 * Python counterpart: `multiprocessing.Event`. Differences: there, a waiter that is killed makes
 * the next `set()` hang; here nothing happens. Times are milliseconds.
 *
 * @example
 * ```ts
 * import { Event } from '@multiproc/event';
 *
 * const event = new Event();
 * setTimeout(() => event.set(), 10);
 * console.log(await event.wait(), event.isSet()); // → true true
 * ```
 */
export class Event extends SharedObject {
  static {
    registerType({ name: 'Event', shared: Event, module: import.meta.url });
  }

  /** Content: the three words of an event, see `EpochWord`. */
  readonly #epoch!: EpochWord;

  /**
   * Makes an event that is not set, or finds the one with the name.
   *
   * @param options - `name`, to share the event without sending it
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options?: NameOptions);
  /** @internal */
  constructor(options: NameOptions | Attachment);
  constructor(options: NameOptions | Attachment = {}) {
    const source = openObject(SPEC, options);
    if (source instanceof Event) return source;
    super(SPEC, source);
    this.#epoch = new EpochWord(this.family.memory, this.content);
  }

  /**
   * The event that a handle names.
   *
   * @param handle - `handle` of an event of this family
   * @returns the same object for the same event
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its event is gone
   */
  static from(handle: Handle): Event {
    return attach(handle, 'Event') as Event;
  }

  /** Whether the event is set. */
  isSet(): boolean {
    this.checkUsable();
    return this.#epoch.isSet;
  }

  /** Sets the event: everybody who waits goes on, and `wait` returns at once until `clear()`. */
  set(): void {
    this.checkUsable();
    this.#epoch.set(this.family.agent);
  }

  /** Clears the event: `wait` waits again. Whoever was waiting when it was set goes on all the same. */
  clear(): void {
    this.checkUsable();
    this.#epoch.clear();
  }

  /**
   * Waits until the event is set, without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, also when the event was set and cleared again meanwhile; `false` after the
   *   time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   * @throws the signal's reason, when that is aborted first
   */
  wait(options?: UntimedOptions): Promise<true>;
  /** As above, and `false` after the time-out. */
  wait(options: WaitOptions): Promise<boolean>;
  async wait(options: WaitOptions = NO_OPTIONS): Promise<boolean> {
    this.checkUsable();
    const { events } = this.#epoch;
    const { pending } = this.family.agent;
    return (await blockAsync(pending, events, this.#epoch.begin(), options)) !== undefined;
  }

  /**
   * Waits until the event is set, and blocks the thread. A thread that would have to set the event
   * itself waits until some other agent does.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true`, or `false` after the time-out. With `timeout: 0` it never waits
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  waitSync(options?: UntimedOptions): true;
  /** As above, and `false` after the time-out. */
  waitSync(options: WaitOptions): boolean;
  waitSync(options: WaitOptions = NO_OPTIONS): boolean {
    this.checkUsable();
    const { events } = this.#epoch;
    return block(this.family.agent, events, this.#epoch.begin(), options) !== undefined;
  }

  protected override use(): string | undefined {
    const isAwaited = this.family.agent.pending.has(this.#epoch.events);
    return isAwaited ? 'a call of this agent is waiting for it' : undefined;
  }

  protected override describe(): string {
    return this.#epoch.isSet ? 'set' : 'unset';
  }
}
