import type { Agent } from '@multiproc/core';
import type { Store } from './store.js';

/** What waiting at a queue needs to know of it. */
export interface Place {
  /** Where the items are. */
  readonly store: Store;
  /** The agent that waits. */
  readonly agent: Agent;
  /** How many items the store may hold. */
  readonly maxsize: number;
  /** Refuses a call on a queue that was closed here, or disposed. */
  checkOpen(call: string): void;
}
