import type { Bell } from './bell.js';
import type { Lane } from './lane.js';
import type { Nesting } from './nesting.js';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly lane: Lane;
  readonly bell: Bell;
  /** How many tasks it runs at once. */
  readonly limit: number;
  /** Bytes above which it asks to be replaced; 0: never. */
  readonly maxMemory: number;
  /** A reference to a function, or a callable object. */
  readonly initializer: unknown;
  readonly initargs: readonly unknown[];
  readonly nesting: Nesting;
}
