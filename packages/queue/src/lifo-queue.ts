import { type Attachment, attach, type Handle, openObject, registerType } from '@multiproc/core';
import { BaseQueue } from './base-queue.js';
import { maxsizeOf, type QueueOptions, queueSpec } from './spec.js';
import { Stack } from './stack.js';

const OWNED = { count: 1, first: Stack.OWNED };

/**
 * A queue that gives the item that was put last. Everything else is as in `Queue`; the ends share
 * one lock, because they are the same end.
 *
 * Fairness: none between agents; calls of one agent that wait are served in their order.
 *
 * Python counterpart: `queue.LifoQueue`, which only threads can share.
 *
 * @typeParam Item - what is put in
 *
 * @example
 * ```ts
 * import { LifoQueue } from '@multiproc/queue';
 *
 * const stack = new LifoQueue<number>();
 * stack.putManySync([1, 2, 3]);
 * console.log(stack.getSync(), stack.getSync()); // → 3 2
 * ```
 */
export class LifoQueue<Item = unknown> extends BaseQueue<Item> {
  static {
    registerType({ name: 'LifoQueue', shared: LifoQueue, module: import.meta.url });
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
    const spec = queueSpec('LifoQueue', Stack.WORDS, OWNED, maxsizeOf(options));
    const source = openObject(spec, options);
    if (source instanceof LifoQueue) return source;
    super(spec, source as Attachment | undefined, (family, index) => new Stack(family, index));
  }

  /**
   * The queue that a handle names.
   *
   * @param handle - `queue.handle` of any agent of the family
   * @throws HandleError (`ERR_HANDLE`)
   */
  static from<Item = unknown>(handle: Handle): LifoQueue<Item> {
    return attach(handle, 'LifoQueue') as LifoQueue<Item>;
  }
}
