import { type Encoded, isMultiprocError } from '@multiproc/core';
import { onExit, Process, type ProcessOptions } from '@multiproc/process';
import type { Bell } from './bell.js';
import { CALLABLE, CONTROL, FLAG, KIND, MAX_TICKET, SLOTS, STATE } from './lane-layout.js';
import { LaneOwner } from './lane-owner.js';
import { StoredValue } from './stored-value.js';
import type { Task } from './task.js';
import { TaskQueue } from './task-queue.js';
import type { WorkerSetup } from './worker-setup.js';

const BOOTSTRAP = { module: new URL('./bootstrap-pool.js', import.meta.url), name: 'work' };

/** How the processes or threads of a pool are started. */
export type WorkerOptions = Pick<
  ProcessOptions,
  'env' | 'execArgv' | 'resourceLimits' | 'startMethod' | 'name'
>;

/**
 * Where a worker is in its life:
 *
 * | state | meaning | goes on to |
 * | --- | --- | --- |
 * | starting | its initializer has not returned | ready, retiring, gone |
 * | ready | takes tasks, if it has a seat | retiring, gone |
 * | retiring | ends when its last task has ended | gone |
 * | gone | has ended | |
 */
export type WorkerState = 'starting' | 'ready' | 'retiring' | 'gone';

/** The seat of a worker that is kept for when another goes. */
export const SPARE = -1;

/** One worker, as its pool sees it: the process or thread, its lane, and what is in the slots. */
export class PoolWorker {
  readonly owner = new LaneOwner();
  readonly process: Process;
  /** Which place in the pool it has, or SPARE; its successor gets the same. */
  seat: number;
  state: WorkerState = 'starting';
  /** The task of each slot; a slot that is taken without one defines a function. */
  readonly tasks: (Task | undefined)[] = new Array(SLOTS).fill(undefined);
  /** Tasks that only this worker may run. */
  readonly queue = new TaskQueue();
  /** How many slots are taken. */
  load = 0;
  /** How many of them define functions. */
  #definitions = 0;
  /** Tasks that were given up and still run. While there are any, the worker gets no others. */
  zombies = 0;
  /** How many more tasks it may get. */
  quota: number;
  /** Since when it has nothing to do, by `performance.now()`. */
  idleSince = performance.now();
  /** Resolves when its end has been dealt with. */
  readonly gone: Promise<void>;
  #setGone: () => void = () => {};
  /** Whether it has been told to end. */
  wasTold = false;
  readonly #free = Array.from({ length: SLOTS }, (_, i) => SLOTS - 1 - i);
  readonly #known = new Set<number>([CALLABLE]);
  /** How many tasks it runs at once. */
  readonly #limit: number;
  #ticket = 0;

  /**
   * Starts a worker.
   *
   * @param seat - its place in the pool
   * @param bell - the pool's
   * @param setup - what it is started with, but for what is its own
   * @param options - how it is started
   * @param quota - how many tasks it may get
   * @throws what `Process.start` throws
   */
  constructor(
    seat: number,
    bell: Bell,
    setup: Omit<WorkerSetup, 'bell' | 'lane'>,
    options: WorkerOptions,
    quota: number,
  ) {
    this.seat = seat;
    this.quota = quota;
    this.#limit = setup.limit;
    this.gone = new Promise((resolve) => {
      this.#setGone = resolve;
    });
    const own: WorkerSetup = { ...setup, bell, lane: this.owner.lane };
    this.process = new Process({ ...options, target: BOOTSTRAP, args: [own], daemon: true });
    try {
      this.process.start();
    } catch (error) {
      this.owner.dispose();
      throw error;
    }
  }

  /** Calls back when it has ended. */
  onExit(listener: () => void): void {
    onExit(this.process, () => {
      this.state = 'gone';
      listener();
      this.#setGone();
    });
  }

  /** Whether it can be given a task now. */
  get isOpen(): boolean {
    return (
      this.state === 'ready' &&
      this.seat !== SPARE &&
      this.zombies === 0 &&
      this.quota > 0 &&
      // Two: one for the task, one for telling it what the function is.
      this.#free.length >= 2 &&
      this.owner.hasRoom
    );
  }

  /** How many tasks it has been given that wait behind others. */
  get ahead(): number {
    return Math.max(0, this.load - this.#definitions - this.#limit);
  }

  /** How many more tasks it would begin at once. */
  get handsFree(): number {
    return this.isOpen ? Math.max(0, this.#limit - this.load + this.#definitions) : 0;
  }

  /** Whether it is there for tasks and has none. */
  get isIdle(): boolean {
    return this.state === 'ready' && this.seat !== SPARE && this.load + this.queue.size === 0;
  }

  /**
   * Puts a task into the lane, without waking the worker.
   *
   * @param task - that does not wait in a queue any more
   * @param encoded - its arguments; left out: those that it has waited with
   * @throws ArenaFullError, DisposedError; the task is not in the lane then
   */
  place(task: Task, encoded?: Encoded): void {
    this.#define(task);
    const slot = this.#free.at(-1) as number;
    const flags = (task.hasModules ? FLAG.MODULES : 0) | (task.retries > 0 ? FLAG.KEEP : 0);
    const ticket = this.#nextTicket();
    if (encoded) this.owner.put(slot, ticket, task.call, flags, encoded);
    else if (task.waiting) this.owner.put(slot, ticket, task.call, flags, task.waiting);
    else {
      this.owner.putPayload(slot, ticket, task.call, flags, task.payload);
      task.payload = 0;
    }
    this.#free.pop();
    this.load++;
    this.quota--;
    this.tasks[slot] = task;
    task.worker = this;
    task.slot = slot;
    task.ticket = ticket;
    // A shared object among the arguments is kept by the payload from here on.
    task.waiting = undefined;
  }

  /** Gives a slot back whose content is not needed any more. */
  release(slot: number): void {
    const task = this.tasks[slot];
    if (task) {
      task.worker = undefined;
      this.tasks[slot] = undefined;
    } else this.#definitions--;
    this.owner.free(slot);
    this.#free.push(slot);
    if (--this.load === 0) this.idleSince = performance.now();
  }

  /** Takes a task back that has not been begun. `false` when it has. */
  recall(task: Task): boolean {
    const { slot, ticket } = task;
    if (!this.owner.recall(slot, ticket)) return false;
    this.takeBack(task);
    this.quota++;
    return true;
  }

  /** Takes all tasks back that have not been begun: the oldest first. */
  recallAll(): Task[] {
    return this.queued()
      .reverse()
      .filter((task) => this.recall(task));
  }

  /** Takes a task out of the lane, with its arguments, so that it can be placed again. */
  takeBack(task: Task): void {
    const stored = this.owner.takeArguments(task.slot);
    if (stored?.bytes) task.waiting = StoredValue.ofBytes(stored.bytes);
    else task.payload = stored?.payload ?? 0;
    this.release(task.slot);
  }

  /** The tasks that have not been begun, as far as is known: the newest first. */
  queued(): Task[] {
    return this.tasks
      .filter((task): task is Task => !!task && this.owner.stateOf(task.slot) === STATE.QUEUED)
      .sort((a, b) => b.ticket - a.ticket);
  }

  /** Process id. */
  get pid(): number {
    return this.process.pid as number;
  }

  /** The name of the process. */
  get name(): string {
    return this.process.name;
  }

  /** Ends it when its last task has ended. */
  close(): void {
    if (this.wasTold) return;
    this.wasTold = true;
    this.owner.control(CONTROL.CLOSE);
  }

  /** Ends it at once. */
  kill(): void {
    if (this.state !== 'gone') this.process.kill();
  }

  /** Tells the worker what a function's number means, before the first task that needs it. */
  #define({ fn }: Task): void {
    if (!fn.definition || this.#known.has(fn.number)) return;
    const slot = this.#free.at(-1) as number;
    const call = (fn.number << 2) | KIND.DEFINE;
    this.owner.put(slot, this.#nextTicket(), call, 0, fn.definition);
    this.#free.pop();
    this.load++;
    this.#definitions++;
    this.#known.add(fn.number);
  }

  #nextTicket(): number {
    this.#ticket = (this.#ticket % MAX_TICKET) + 1;
    return this.#ticket;
  }
}

/** Whether an error says that there is no room now, and may be later. */
export function isArenaFull(error: unknown): boolean {
  return isMultiprocError(error, 'ERR_ARENA_FULL');
}
