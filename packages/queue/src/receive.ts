import {
  type Family,
  type MessageView,
  type Taken,
  viewTaken,
  type WaitOptions,
} from '@multiproc/core';

/** Options of `get`. */
export interface GetOptions extends WaitOptions {
  /** Left out or `false`: the item shares no memory with anybody. */
  view?: false | undefined;
}

/** Options of `get` for a view on shared memory. */
export interface ViewOptions extends WaitOptions {
  /** Gives a `MessageView`, whose large binary data are not copied. */
  view: true;
}

/**
 * Decodes a taken item as the caller wants it.
 *
 * @param keep - keeps the queue alive while the item is lent, until what it returns is called
 */
export function receive<Item>(
  family: Family,
  taken: Taken,
  options: GetOptions | ViewOptions,
  keep: () => () => void,
): Item | MessageView<Item> {
  if (options.view === true) return viewTaken<Item>(family, taken, keep);
  return taken.receive() as Item;
}
