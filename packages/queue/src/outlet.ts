import {
  ArgumentRangeError,
  ArgumentTypeError,
  type Attempt,
  block,
  blockAsync,
  isMultiprocError,
  type Taken,
  type WaitOptions,
} from '@multiproc/core';
import { BatchDecodeError, QueueEmptyError } from './errors.js';
import type { Place } from './place.js';
import { TakeAttempt } from './take-attempt.js';

/** The side of a queue at which items are taken. */
export class Outlet {
  readonly #place: Place;
  readonly #awaited: TakeAttempt;
  readonly #blocking: TakeAttempt;
  /** Calls that await; from the taking of an item to its decoding, nothing else shows them. */
  #calls = 0;

  /** @param place - the queue */
  constructor(place: Place) {
    this.#place = place;
    this.#awaited = new TakeAttempt(place, true);
    this.#blocking = new TakeAttempt(place, false);
  }

  /** Whether a call of this agent awaits an item, or has one that it has not decoded yet. */
  get isAwaited(): boolean {
    return this.#calls > 0;
  }

  /** Takes one at once where that can be done: the free path. */
  getFree(): Taken | undefined {
    const { store, agent } = this.#place;
    this.#place.checkOpen('get');
    return agent.pending.has(store.items) ? undefined : store.take();
  }

  /** Awaits an item, and decodes it. */
  async get<Item>(options: WaitOptions, receive: (taken: Taken) => Item): Promise<Item> {
    this.#place.checkOpen('get');
    return this.#await(this.#awaited, options, receive);
  }

  /** Blocks until there is an item. */
  getSync(options: WaitOptions): Taken {
    this.#place.checkOpen('get');
    const taken = block(this.#place.agent, this.#place.store.items, this.#blocking, options);
    if (!taken) throw emptyError(options);
    return taken;
  }

  /** Awaits at least one item. */
  async getMany(max: number, options: WaitOptions): Promise<unknown[]> {
    return this.#await(many(this.#place, this.#awaited, max), options, receiveAll);
  }

  /** Blocks until there is at least one item. */
  getManySync(max: number, options: WaitOptions): unknown[] {
    const { store, agent } = this.#place;
    const list = block(agent, store.items, many(this.#place, this.#blocking, max), options);
    if (!list) throw emptyError(options);
    return receiveAll(list);
  }

  async #await<Got, Result>(
    attempt: Attempt<Got>,
    options: WaitOptions,
    receive: (got: Got) => Result,
  ): Promise<Result> {
    const { store, agent } = this.#place;
    this.#calls++;
    try {
      const got = await blockAsync(agent.pending, store.items, attempt, options);
      if (got === undefined) throw emptyError(options);
      return receive(got);
    } finally {
      this.#calls--;
    }
  }
}

/** An attempt to take several, where `one` takes the first. */
function many(place: Place, one: TakeAttempt, max: number): Attempt<Taken[]> {
  place.checkOpen('getMany');
  if (typeof max !== 'number') throw new ArgumentTypeError('max', 'a number of items', max);
  if (!(max >= 1)) throw new ArgumentRangeError('max', 'at least 1', max);
  return {
    take: () => (one.isNext() ? one.takeMany(max) : undefined),
    more: () => one.more(),
  };
}

function emptyError({ timeout = 0 }: WaitOptions): QueueEmptyError {
  return new QueueEmptyError(
    `get: the queue was empty${timeout > 0 ? ` for ${timeout} ms` : ''}, and nothing was taken`,
  );
}

/** Decodes a batch; one that cannot be decoded does not take the others with it. */
function receiveAll(list: readonly Taken[]): unknown[] {
  const items: unknown[] = [];
  let failure: { error: unknown } | undefined;
  for (const taken of list) {
    try {
      items.push(taken.receive());
    } catch (error) {
      failure ??= { error };
    }
  }
  if (!failure) return items;
  if (!isMultiprocError(failure.error, 'ERR_DECODE')) throw failure.error;
  throw new BatchDecodeError(failure.error, items);
}
