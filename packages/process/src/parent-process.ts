import { inspect } from 'node:util';
import {
  type Attempt,
  block,
  blockAsync,
  currentFamily,
  EventCount,
  type Family,
  identityOf,
  ThreadMemory,
  type WaitOptions,
} from '@multiproc/core';
import { ownSelf } from './own-self.js';
import type { ParentFacts } from './self.js';

/**
 * The end of the parent. Nobody announces it, so a waiter looks once per time slice.
 */
class ParentEnd extends EventCount implements Attempt<true> {
  readonly family: Family;
  readonly #parent: ParentFacts;

  constructor(family: Family, parent: ParentFacts) {
    // No index of a word, and different from that of any child: see `Child`.
    super(new ThreadMemory(new SharedArrayBuffer(4)), -1);
    this.family = family;
    this.#parent = parent;
  }

  take(): true | undefined {
    return isRunning(this.#parent) ? undefined : true;
  }

  override get sequence(): number {
    return 0;
  }

  override announceSleeper(): void {}

  override announceAgent(): void {}

  override wake(): void {}

  override sleep(_sequence: number, milliseconds: number): void {
    this.memory.wait(0, 0, milliseconds);
  }
}

function isRunning({ identity }: ParentFacts): boolean {
  // Without such numbers there are only threads, and these end with the thread that started them.
  if (identity.tid === 0) return true;
  const now = identityOf(identity.pid, identity.tid);
  return now?.startLow === identity.startLow && now.startHigh === identity.startHigh;
}

/**
 * The process that started this one, as seen from here. Returned by {@link parentProcess}.
 *
 * Python counterpart: the object that `multiprocessing.parent_process` returns.
 *
 * @example
 * ```ts
 * import { parentProcess } from '@multiproc/process';
 *
 * console.log(parentProcess()?.name); // → undefined
 * ```
 */
export class ParentProcess {
  readonly #facts: ParentFacts;
  #end: ParentEnd | undefined;

  /** @internal */
  constructor(facts: ParentFacts) {
    this.#facts = facts;
  }

  /** Process id. */
  get pid(): number {
    return this.#facts.pid;
  }

  /** Its name when it started this process. */
  get name(): string {
    return this.#facts.name;
  }

  /** Whether it still runs. */
  isAlive(): boolean {
    return isRunning(this.#facts);
  }

  /**
   * Waits for its end without blocking the event loop; notices it within 100 ms, however it ended.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, or `false` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options; the signal's reason
   */
  async join(options: WaitOptions = {}): Promise<boolean> {
    const end = this.#watched();
    return (await blockAsync(end.family.agent.pending, end, end, options)) === true;
  }

  /**
   * Waits for its end and blocks the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true`, or `false` after the time-out
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  joinSync(options: WaitOptions = {}): boolean {
    const end = this.#watched();
    return block(end.family.agent, end, end, options) === true;
  }

  /** @internal */
  [inspect.custom](): string {
    const state = this.isAlive() ? 'started' : 'stopped';
    return `<ParentProcess name='${this.name}' pid=${this.pid} ${state}>`;
  }

  #watched(): ParentEnd {
    this.#end ??= new ParentEnd(currentFamily(), this.#facts);
    return this.#end;
  }
}

let parent: ParentProcess | undefined;

/**
 * The process that started this one.
 *
 * Python counterpart: `multiprocessing.parent_process`.
 *
 * @returns `null` in the main process
 *
 * @example
 * ```ts
 * import { parentProcess } from '@multiproc/process';
 *
 * console.log(parentProcess()); // → null
 * ```
 */
export function parentProcess(): ParentProcess | null {
  const { parent: facts } = ownSelf();
  if (!facts) return null;
  parent ??= new ParentProcess(facts);
  return parent;
}
