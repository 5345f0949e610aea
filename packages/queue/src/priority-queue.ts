import {
  ArgumentRangeError,
  ArgumentTypeError,
  type Attachment,
  attach,
  type Handle,
  openObject,
  registerType,
  type WaitOptions,
} from '@multiproc/core';
import { BaseQueue } from './base-queue.js';
import { Heap } from './heap.js';
import { maxsizeOf, type QueueOptions, queueSpec } from './spec.js';

const OWNED = { count: 2, first: Heap.OWNED };

/** Options of the calls that put into a {@link PriorityQueue}. */
export interface PriorityOptions extends WaitOptions {
  /**
   * Lower comes out first. Left out: the item itself when it is a number, its first element when it
   * is an array that begins with one, as a tuple in Python.
   */
  priority?: number | undefined;
}

/**
 * A queue that gives the item with the lowest priority number, and among equal ones the one that
 * was put first. Everything else is as in `Queue`; the ends share one lock.
 *
 * Fairness: none between agents; calls of one agent that wait are served in their order.
 *
 * Python counterpart: `queue.PriorityQueue`, which only threads can share, compares the items and
 * is not stable. Here a number decides, so items need not be comparable.
 *
 * @typeParam Item - what is put in
 *
 * @example
 * ```ts
 * import { PriorityQueue } from '@multiproc/queue';
 *
 * const queue = new PriorityQueue<string>();
 * await queue.put('later', { priority: 2 });
 * await queue.put('first', { priority: 1 });
 * console.log(await queue.get()); // → first
 * ```
 */
export class PriorityQueue<Item = unknown> extends BaseQueue<Item> {
  static {
    registerType({ name: 'PriorityQueue', shared: PriorityQueue, module: import.meta.url });
  }

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
    const spec = queueSpec('PriorityQueue', Heap.WORDS, OWNED, maxsizeOf(options));
    const source = openObject(spec, options);
    if (source instanceof PriorityQueue) return source;
    super(spec, source as Attachment | undefined, (family, index) => new Heap(family, index));
  }

  /**
   * The queue that a handle names.
   *
   * @param handle - `queue.handle` of any agent of the family
   * @throws HandleError (`ERR_HANDLE`)
   */
  static from<Item = unknown>(handle: Handle): PriorityQueue<Item> {
    return attach(handle, 'PriorityQueue') as PriorityQueue<Item>;
  }

  /**
   * As in every queue, with a priority.
   *
   * @param item - anything that can travel
   * @param options - `priority`; `timeout` in milliseconds, `signal`
   */
  override async put(item: Item, options?: PriorityOptions): Promise<void> {
    await super.put(item, options);
  }

  /**
   * As in every queue, with a priority.
   *
   * @param item - anything that can travel
   * @param options - `priority`; `timeout` in milliseconds
   */
  override putSync(item: Item, options?: PriorityOptions): void {
    super.putSync(item, options);
  }

  /**
   * As in every queue, with a priority.
   *
   * @param item - anything that can travel
   * @param options - `priority`
   */
  override putNowait(item: Item, options?: PriorityOptions): void {
    super.putSync(item, { ...options, timeout: 0 });
  }

  /** @internal */
  protected override priorityOf(item: Item, options: PriorityOptions): number {
    const first: unknown = Array.isArray(item) ? item[0] : item;
    const priority = options.priority === undefined ? first : options.priority;
    if (typeof priority !== 'number') {
      throw new ArgumentTypeError('options.priority', 'a number', options.priority);
    }
    if (Number.isNaN(priority)) {
      throw new ArgumentRangeError('options.priority', 'a number that can be compared', priority);
    }
    return priority;
  }
}
