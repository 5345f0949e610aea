import {
  block,
  blockAsync,
  checkWaitOptions,
  type Encoded,
  encode,
  keepEncoded,
  type WaitOptions,
} from '@multiproc/core';
import { QueueFullError } from './errors.js';
import type { Place } from './place.js';
import { PutAttempt } from './put-attempt.js';
import { PutManyAttempt } from './put-many-attempt.js';

const ITEM = { path: 'item' };

/** Tells which priority an item has. */
export type PriorityOf<Item> = (item: Item) => number;

/** The side of a queue at which items are put. */
export class Intake<Item> {
  readonly #place: Place;

  /** @param place - the queue */
  constructor(place: Place) {
    this.#place = place;
  }

  /** Awaits room. The item is encoded before the first `await`. */
  async put(item: Item, options: WaitOptions, priority: number): Promise<void> {
    const { store, agent } = this.#place;
    this.#check('put', options);
    const attempt = new PutAttempt(this.#place, encode(item, ITEM), priority, true);
    // The attempt is not made at once when earlier calls wait.
    if (agent.pending.has(store.room)) attempt.keep();
    const isPut = await blockAsync(agent.pending, store.room, attempt, options);
    if (!isPut) throw this.#full('put', options, 0);
  }

  /** Puts at once where that can be done: the free path. */
  putFree(item: Item, priority: number): boolean {
    const { store, agent, maxsize } = this.#place;
    this.#place.checkOpen('put');
    return !agent.pending.has(store.room) && store.put(encode(item, ITEM), maxsize, priority);
  }

  /** Blocks until there is room. */
  putSync(item: Item, options: WaitOptions, priority: number): void {
    this.#check('put', options);
    const attempt = new PutAttempt(this.#place, encode(item, ITEM), priority, false);
    if (block(this.#place.agent, this.#place.store.room, attempt, options)) return;
    throw this.#full('put', options, 0);
  }

  /** Awaits room for all. */
  async putMany(
    items: Iterable<Item>,
    options: WaitOptions,
    priorityOf: PriorityOf<Item>,
  ): Promise<number> {
    const { store, agent } = this.#place;
    const attempt = this.#many(items, options, priorityOf, true);
    const isPut = await blockAsync(agent.pending, store.room, attempt, options);
    if (!isPut) throw this.#full('putMany', options, attempt.count);
    return attempt.count;
  }

  /** Blocks until there is room for all. */
  putManySync(items: Iterable<Item>, options: WaitOptions, priorityOf: PriorityOf<Item>): number {
    const attempt = this.#many(items, options, priorityOf, false);
    const isPut = block(this.#place.agent, this.#place.store.room, attempt, options);
    if (!isPut) throw this.#full('putMany', options, attempt.count);
    return attempt.count;
  }

  #many(
    items: Iterable<Item>,
    options: WaitOptions,
    priorityOf: PriorityOf<Item>,
    isAwaited: boolean,
  ): PutManyAttempt {
    this.#check('putMany', options);
    const list: Encoded[] = [];
    const priorities: number[] = [];
    for (const item of items) {
      priorities.push(priorityOf(item));
      list.push(keepEncoded(encode(item, { path: `items[${list.length}]` })));
    }
    return new PutManyAttempt(this.#place, list, priorities, isAwaited);
  }

  #check(call: string, options: WaitOptions): void {
    this.#place.checkOpen(call);
    checkWaitOptions(options);
  }

  #full(call: string, { timeout = 0 }: WaitOptions, count: number): QueueFullError {
    const { store, maxsize } = this.#place;
    const { size } = store;
    const since = timeout > 0 ? ` for ${timeout} ms` : '';
    const what =
      size >= maxsize
        ? `the queue was full${since} (maxsize ${maxsize})`
        : `there was no room${since} in the family's memory, or in the part of it that one queue ` +
          `may fill, for an item beside the ${size} in the queue`;
    const done = call === 'putMany' ? `; ${count} items went in` : '';
    return new QueueFullError(`${call}: ${what}${done}`, count);
  }
}
