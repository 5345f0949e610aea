import type { Flow } from './flow.js';
import type { Hold } from './hold.js';

/** What a lock has to know in order to be as it was before a `Condition` gave it away. */
export interface Suspended {
  /** The acquisitions that were not released yet, oldest first. */
  readonly holds: Hold[];
  /** The flow that owned an RLock. */
  readonly flow?: Flow | undefined;
}
