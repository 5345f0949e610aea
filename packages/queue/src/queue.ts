import {
  type Attachment,
  attach,
  Channel,
  type Handle,
  openObject,
  registerType,
} from '@multiproc/core';
import { BaseQueue } from './base-queue.js';
import { maxsizeOf, type QueueOptions, queueSpec } from './spec.js';

const OWNED = { count: 1, first: Channel.OWNED };

/**
 * A queue that all threads and processes of a family may put into and get from: what one of them
 * puts comes out in the order in which it put it.
 *
 * `put` has finished when the item is in shared memory. There is no thread that sends it later, so
 * nothing is lost when the producer exits or is killed, and the end of a process never waits for a
 * reader. A consumer that is killed loses at most what it had taken. The queue grows in chunks and
 * gives them back; it fills at most three times what it leaves free of the family's memory, and then
 * `put` waits as if the queue were full.
 *
 * Fairness: none between agents; whoever is awake may be first. Calls of one agent that wait are
 * served in their order. Awaiting in a loop lets timers run, also when nothing ever has to wait.
 *
 * Python counterpart: `multiprocessing.Queue`. Differences: what cannot travel fails in `put`;
 * `qsize` is exact everywhere; `close` does not make `empty` throw; `putMany`, `getMany`, `for
 * await` and `shutdown` are new.
 *
 * @typeParam Item - what is put in
 *
 * @example
 * ```ts
 * import { Queue } from '@multiproc/queue';
 *
 * const queue = new Queue<string>({ maxsize: 10 });
 * await queue.put('hello');
 * console.log(queue.qsize(), await queue.get()); // → 1 hello
 * ```
 */
export class Queue<Item = unknown> extends BaseQueue<Item> {
  static {
    registerType({ name: 'Queue', shared: Queue, module: import.meta.url });
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
    const spec = queueSpec('Queue', Channel.WORDS, OWNED, maxsizeOf(options));
    const source = openObject(spec, options);
    if (source instanceof Queue) return source;
    super(spec, source as Attachment | undefined, (family, index) => new Channel(family, index));
  }

  /**
   * The queue that a handle names.
   *
   * @param handle - `queue.handle` of any agent of the family
   * @throws HandleError (`ERR_HANDLE`)
   */
  static from<Item = unknown>(handle: Handle): Queue<Item> {
    return attach(handle, 'Queue') as Queue<Item>;
  }
}
