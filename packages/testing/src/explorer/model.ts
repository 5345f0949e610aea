/** A one-line change of the subject, to prove that a model can fail. */
export interface Patch {
  /** What the change breaks, for reports. */
  readonly name: string;
  /** Text that occurs exactly once in the subject and the files it imports by relative path. */
  readonly find: string;
  /** What takes its place. */
  readonly replace: string;
}

/** What {@link explore} runs: some agents that share a few words, and what must hold at the end. */
export interface Model {
  /** Short name for reports and replay strings. Default: the names of the agents. */
  readonly name?: string;
  /** Module that exports the agent functions and, if wanted, `setup` (see {@link ModelAgent}). */
  readonly module: URL;
  /** The module under test, for the agents as `agent.subject`. JavaScript or TypeScript. */
  readonly subject?: URL;
  /** Applied to the subject; see {@link sabotage}. */
  readonly patch?: Patch;
  /** The export that each agent runs, for example `['locker', 'locker', 'awaiter']`. */
  readonly agents: readonly string[];
  /** Size of the shared memory in 32-bit words. All zero at the start of each schedule. */
  readonly words: number;
  /** Names of words, for the printed schedule. */
  readonly labels?: Readonly<Record<number, string>>;
  /** Prepares the shared memory before the agents start. */
  readonly init?: (words: Int32Array) => void;
  /** Throws when the shared memory is not as it must be after the last step. */
  readonly check?: (words: Int32Array, outcome: { readonly killed: readonly number[] }) => void;
  /** How often an agent that could go on may be interrupted. Default 2. */
  readonly bound?: number;
  /**
   * How many waits and timers of each agent may time out while others can go on; when nobody can,
   * the next one does in any case. Default 0: none ever does, so a lost wake-up is a deadlock.
   */
  readonly timeouts?: number;
  /** How many agents may be killed, each before any of its steps. Default 0. */
  readonly kills?: number;
  /** Names of the agents that may be killed. Default: all. */
  readonly killable?: readonly string[];
  /** Steps after which a schedule counts as one that never ends. Default 1000. */
  readonly maxSteps?: number;
  /** How long an agent may run without an atomic operation, in milliseconds. Default 30 000. */
  readonly hangTimeout?: number;
  /** Schedules after which the search stops; the result then says `isComplete: false`. */
  readonly maxSchedules?: number;
  /** Runs this one schedule, from the report of a failure. The variable `MP_REPLAY` does the same. */
  readonly replay?: string;
}

/** What {@link explore} did. */
export interface Exploration {
  /** Schedules that were run; each is different. */
  readonly schedules: number;
  /** Steps of all schedules together. */
  readonly steps: number;
  /** Time it took. */
  readonly milliseconds: number;
  /** Whether every schedule within the bound was run. */
  readonly isComplete: boolean;
}

/**
 * What an agent function gets beside the shared words. An agent module is JavaScript:
 *
 * ```js
 * // Runs before the agents start, for one agent after the other; must not wait.
 * export function setup(words, agent) {
 *   return new agent.subject.Mutex(words, 0);
 * }
 * export async function locker(words, agent, mutex) {
 *   mutex.lock();
 *   agent.assert(words[1]++ === 0, 'somebody else holds the lock');
 *   agent.step('critical section');
 *   words[1]--;
 *   mutex.unlock();
 * }
 * ```
 */
export interface ModelAgent {
  /** Position in `Model.agents`. */
  readonly index: number;
  /** The exported name that this agent runs. */
  readonly name: string;
  /** How many agents there are. */
  readonly count: number;
  /** Namespace of `Model.subject`. */
  // biome-ignore lint/suspicious/noExplicitAny: agent modules are JavaScript
  readonly subject: any;
  /** Fails the schedule unless the condition holds. */
  assert(condition: unknown, message: string): asserts condition;
  /** A step that does nothing but let others interrupt, for example inside a critical section. */
  step(text?: string): void;
  /** Adds to a word that the check of the model reads, or an agent right after {@link step}. No step. */
  tally(word: number, by?: number): void;
  /** Adds a line to the printed schedule. */
  note(text: string): void;
  /** Lets the clock of the model go on: `performance.now`, `Date.now`, `process.hrtime.bigint`. */
  advance(milliseconds: number): void;
  /** Kills this agent here: no code of it runs any more in this schedule, no `finally` either. */
  die(): never;
  /** Whether an agent has not been killed. A step, like a load. */
  isAlive(index: number): boolean;
  /**
   * Blocks until an agent is dead, as a starter that sees an exit.
   *
   * @returns index of an agent not told before, or -1 when all others have finished, died or
   *   watch too
   */
  nextDeath(): number;
}
