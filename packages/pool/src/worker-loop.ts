import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attempt, block, blockAsync, decode, type Encoded, encode } from '@multiproc/core';
import type { Bell } from './bell.js';
import { callKind, isThenable } from './call-kind.js';
import { between, clock } from './clock.js';
import { provideTask } from './current-task.js';
import { importFailure } from './import-failure.js';
import { CALLABLE, FLAG, KIND, OUTCOME, PHASE } from './lane-layout.js';
import { LaneWorker } from './lane-worker.js';
import { MemoryWatch } from './memory-watch.js';
import { encodeFailure, encodeValue, type TravellingOutcome } from './result-encoding.js';
import { RunningTask } from './running-task.js';
import { callOfObject, importCall, importFor, WorkerFunctions } from './worker-functions.js';
import type { WorkerSetup } from './worker-setup.js';

/** How long a worker without tasks blocks its thread before it lets its event loop turn, in milliseconds. */
const PARKING = 20;

/** Finished tasks that the owner has not been rung for, at the most. */
const CORKED = 24;

/** How long a finished task may lie before the owner is rung, while others are run, in microseconds. */
const CORK_TIME = 100;

/** After so many tasks in a row the event loop turns, if anything waits for it. */
const TURN = 64;

/** The event loop turns at least once in so many microseconds, unless one task takes longer. */
const TURN_TIME = 10_000;

/** A worker of a pool: takes tasks from its lane and runs them, until it is told to end. */
export class WorkerLoop {
  readonly #lane: LaneWorker;
  readonly #bell: Bell;
  readonly #setup: WorkerSetup;
  readonly #functions = new WorkerFunctions();
  readonly #memory: MemoryWatch;
  /** Tasks that have returned a promise which has not settled. */
  readonly #active = new Set<RunningTask>();
  /** Tells tasks apart where several run at once. */
  readonly #storage: AsyncLocalStorage<RunningTask> | undefined;
  /** Where only one task runs at a time: its slot, and its object if anybody has asked for it. */
  #slot = -1;
  #task: RunningTask | undefined;
  #corked = 0;
  #corkedSince = 0;
  #turning: NodeJS.Immediate | undefined;
  #turnedAt = clock();
  #finishedAt = this.#turnedAt;
  #isWatching = false;
  #seenCancels = 0;
  #tasks = 0;

  /** @param setup - from the pool */
  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    this.#lane = new LaneWorker(setup.lane);
    this.#bell = setup.bell;
    this.#memory = new MemoryWatch(setup.maxMemory);
    // It makes every promise of the worker dearer, so one task at a time does without.
    this.#storage = setup.limit > 1 ? new AsyncLocalStorage() : undefined;
  }

  /**
   * Works until the pool has the worker end.
   *
   * @returns `false` when the initializer has failed
   */
  async run(): Promise<boolean> {
    const storage = this.#storage;
    provideTask(() => (storage ? storage.getStore() : this.#onlyTask()));
    if (!(await this.#initialise())) return false;
    for (;;) {
      const slot = this.#active.size < this.#setup.limit ? this.#lane.next() : -1;
      if (slot >= 0) {
        // Also after a task that returned a value: it may have left microtasks behind.
        await this.#begin(slot);
      } else {
        this.#uncork();
        if (this.#mayEnd) return true;
        await this.#idle();
      }
    }
  }

  /** Sends a progress value of a task. `false` when there is no room. */
  sendProgress(slot: number, encoded: Encoded): boolean {
    if (!this.#lane.pushProgress(slot, encoded)) return false;
    this.#bell.ring();
    return true;
  }

  /** Why a task is to stop. */
  cancelled(slot: number): number {
    return this.#lane.cancelled(slot);
  }

  get #mayEnd(): boolean {
    return this.#lane.isClosing && this.#active.size === 0 && !this.#lane.hasNext;
  }

  #onlyTask(): RunningTask | undefined {
    if (this.#slot < 0) return undefined;
    this.#task ??= new RunningTask(this.#slot, this);
    return this.#task;
  }

  async #initialise(): Promise<boolean> {
    const { initializer, initargs } = this.#setup;
    try {
      if (initializer) await (await importCall(initializer))(...initargs);
    } catch (error) {
      this.#lane.fail(encodeFailure(error).encoded);
      this.#lane.reach(PHASE.FAILED);
      this.#bell.ring();
      return false;
    }
    this.#lane.reach(PHASE.READY);
    this.#bell.ring();
    return true;
  }

  /** Begins a task. A promise is to be awaited before the next: with one task at a time, of its end. */
  #begin(slot: number): Promise<void> | undefined {
    const call = this.#lane.callOf(slot);
    const kind = call & 3;
    if (kind === KIND.DEFINE) return this.#define(slot, call >>> 2);
    if ((this.#lane.flagsOf(slot) & FLAG.MODULES) !== 0) return this.#beginLater(slot, call);
    const isDue = between(this.#turnedAt, this.#finishedAt) >= TURN_TIME;
    if (isDue || (++this.#tasks % TURN === 0 && process.getActiveResourcesInfo().length > 0)) {
      return this.#turnAndCall(slot, call);
    }
    return this.#call(slot, call);
  }

  async #define(slot: number, number: number): Promise<void> {
    this.#uncork();
    await this.#functions.define(number, this.#lane.arguments(slot).slice());
    this.#lane.argumentsRead(slot);
    this.#lane.finish(slot, OUTCOME.VALUE, encode(undefined), 0);
    this.#cork(clock());
  }

  async #beginLater(slot: number, call: number): Promise<void> {
    this.#uncork();
    const bytes = this.#lane.arguments(slot).slice();
    const failure = await importFailure(bytes, importFor(bytes));
    if (failure) await this.#end(slot, undefined, failure.error, encodeFailure);
    else await this.#call(slot, call);
  }

  async #turnAndCall(slot: number, call: number): Promise<void> {
    this.#uncork();
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnedAt = this.#finishedAt = clock();
    await this.#call(slot, call);
  }

  #call(slot: number, call: number): Promise<void> | undefined {
    this.#lane.hold(slot);
    const storage = this.#storage;
    if (storage) {
      const task = new RunningTask(slot, this);
      const running = storage.run(task, () => this.#run(slot, call, task));
      this.#lane.hold(-1);
      // Not awaited: others may begin meanwhile.
      void running;
      return undefined;
    }
    this.#slot = slot;
    const running = this.#run(slot, call, undefined);
    this.#lane.hold(-1);
    return running;
  }

  /** Calls the function. `undefined`: the task has ended; else a promise of its end. */
  #run(slot: number, call: number, task: RunningTask | undefined): Promise<void> | undefined {
    const number = call >>> 2;
    let value: unknown;
    try {
      const decoded = decode(this.#lane.arguments(slot)) as unknown[];
      this.#lane.argumentsRead(slot);
      const isObject = number === CALLABLE;
      const fn = isObject ? callOfObject(decoded[0]) : this.#functions.get(number);
      value = callKind(fn, isObject ? (decoded[1] as unknown[]) : decoded, call & 3);
    } catch (error) {
      return this.#end(slot, task ?? this.#task, error, encodeFailure);
    }
    if (isThenable(value))
      return this.#await(slot, task ?? (this.#onlyTask() as RunningTask), value);
    return this.#end(slot, task ?? this.#task, value, encodeValue);
  }

  async #await(slot: number, task: RunningTask, value: PromiseLike<unknown>): Promise<void> {
    this.#active.add(task);
    this.#turning ??= setImmediate(() => this.#onTurn());
    let encodeOutcome: typeof encodeValue = encodeValue;
    let outcome: unknown;
    try {
      outcome = await value;
    } catch (error) {
      outcome = error;
      encodeOutcome = encodeFailure;
    }
    await this.#end(slot, task, outcome, encodeOutcome);
    this.#active.delete(task);
    if (this.#active.size === 0 && this.#turning) {
      clearImmediate(this.#turning);
      this.#turning = undefined;
    }
    // The worker may be waiting for room for another task, or for its end.
    this.#lane.lane.agent.pending.poke();
  }

  /** Hands the outcome over, after the last progress values. */
  #end(
    slot: number,
    task: RunningTask | undefined,
    outcome: unknown,
    encodeOutcome: (outcome: unknown) => TravellingOutcome,
  ): Promise<void> | undefined {
    if (task && !task.flush()) return this.#endLater(slot, task, outcome, encodeOutcome);
    this.#finish(slot, task, encodeOutcome(outcome));
    return undefined;
  }

  async #endLater(
    slot: number,
    task: RunningTask,
    outcome: unknown,
    encodeOutcome: (outcome: unknown) => TravellingOutcome,
  ): Promise<void> {
    const { lane } = this.#lane;
    const room: Attempt<true> = {
      take: () => (task.flush() ? true : undefined),
      isPassedBy: () => true,
    };
    await blockAsync(lane.agent.pending, lane.work, room, {});
    this.#finish(slot, task, encodeOutcome(outcome));
  }

  #finish(slot: number, task: RunningTask | undefined, result: TravellingOutcome): void {
    const now = clock();
    this.#finishedAt = now;
    const ran = between(this.#lane.startedAt(slot), now);
    if (task) task.hasEnded = true;
    if (!this.#storage) {
      this.#slot = -1;
      this.#task = undefined;
    }
    try {
      this.#lane.finish(slot, result.outcome, result.encoded, ran);
    } catch (error) {
      const failure = encodeFailure(error);
      this.#lane.finish(slot, failure.outcome, failure.encoded, ran);
    }
    if (this.#memory.isExceeded()) this.#lane.reach(PHASE.HEAVY);
    this.#cork(now);
  }

  /** Rings the owner now, or with the next results if those come soon. */
  #cork(now: number): void {
    if (this.#corked++ === 0) this.#corkedSince = now;
    const isDue = this.#corked >= CORKED || between(this.#corkedSince, now) >= CORK_TIME;
    if (isDue || !this.#lane.hasNext) this.#uncork();
  }

  #uncork(): void {
    if (this.#corked === 0) return;
    this.#corked = 0;
    this.#bell.ring();
  }

  /** A task awaits something, and it may take long: others that have ended are not to wait for it. */
  #onTurn(): void {
    this.#turning = undefined;
    this.#uncork();
    if (this.#active.size > 0) this.#watchCancels();
  }

  /**
   * Waits for something to do. First by blocking, from which the owner's wake-up is fastest; a blocked
   * thread runs no timer and no microtask, so not while anything needs the event loop, nor for long.
   */
  async #idle(): Promise<void> {
    const { lane } = this.#lane;
    if (this.#active.size === 0 && process.getActiveResourcesInfo().length === 0) {
      if (block(lane.agent, lane.work, this.#toDo, { timeout: PARKING })) return;
    }
    await blockAsync(lane.agent.pending, lane.work, this.#toDo, {});
  }

  readonly #toDo: Attempt<true> = {
    take: () => {
      const mayBegin = this.#active.size < this.#setup.limit && this.#lane.hasNext;
      return mayBegin || this.#mayEnd ? true : undefined;
    },
    isPassedBy: () => true,
  };

  /** Has cancellations arrive while tasks await something. Stays for a while, for the tasks that follow. */
  #watchCancels(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { lane } = this.#lane;
    const watch: Attempt<true> = {
      take: (thorough) => {
        this.#serveCancels();
        return thorough && this.#active.size === 0 ? true : undefined;
      },
      isPassedBy: () => true,
    };
    void blockAsync(lane.agent.pending, lane.work, watch, {}).then(() => {
      this.#isWatching = false;
      if (this.#active.size > 0) this.#watchCancels();
    });
  }

  #serveCancels(): void {
    const { cancels } = this.#lane;
    if (cancels === this.#seenCancels) return;
    this.#seenCancels = cancels;
    for (const task of this.#active) task.look();
  }
}
