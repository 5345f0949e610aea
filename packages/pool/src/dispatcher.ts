import type { Encoded } from '@multiproc/core';
import type { Crew } from './crew.js';
import { isArenaFull, type PoolWorker } from './pool-worker.js';
import { spoils } from './spoils.js';
import type { Task } from './task.js';
import { TaskQueue } from './task-queue.js';

/** What a dispatcher asks of whoever has it. */
export interface DispatcherOwner {
  /** The worker has got the last task that it may get. */
  exhausted(worker: PoolWorker): void;
  /** The task cannot be handed to any worker. */
  refused(task: Task, error: unknown): void;
}

/** The tasks that wait, and which worker gets which of them when. */
export class Dispatcher {
  readonly #crew: Crew;
  readonly #owner: DispatcherOwner;
  readonly #queue = new TaskQueue();

  /**
   * @param crew - the workers
   * @param owner - decides what follows
   */
  constructor(crew: Crew, owner: DispatcherOwner) {
    this.#crew = crew;
    this.#owner = owner;
  }

  /** How many tasks wait in this thread. */
  get waiting(): number {
    let waiting = this.#queue.size;
    for (const { queue } of this.#crew.workers) waiting += queue.size;
    return waiting;
  }

  /** How many of them any worker could take. */
  get common(): number {
    return this.#queue.size;
  }

  /**
   * Hands a new task to a worker at once, unless others are before it or all are busy.
   *
   * @returns the worker, to be woken
   * @throws DisposedError, ArenaFullError
   */
  placeNew(task: Task, encoded: Encoded): PoolWorker | undefined {
    if (this.#queue.size > 0) return undefined;
    const worker = this.#pick(task);
    if (!worker || worker.queue.size > 0) return undefined;
    return this.#place(worker, task, encoded) ? worker : undefined;
  }

  /** Has a task wait. */
  enqueue(task: Task): void {
    (this.#home(task)?.queue ?? this.#queue).push(task);
  }

  /** Has tasks wait that have had their turn already: before the others, in the order given. */
  putBack(tasks: readonly Task[]): void {
    for (const task of tasks.toReversed()) (this.#home(task)?.queue ?? this.#queue).putBack(task);
  }

  /** Takes out a task that waits. */
  remove(task: Task): void {
    if (this.#queue.remove(task)) return;
    for (const { queue } of this.#crew.workers) if (queue.size > 0 && queue.remove(task)) return;
  }

  /** Takes out all tasks that wait. */
  clear(): Task[] {
    const own = [...this.#crew.workers].flatMap(({ queue }) => queue.clear());
    return [...own, ...this.#queue.clear()];
  }

  /**
   * Hands out what waits, and takes back from the busy for the idle.
   *
   * @param thorough - whether to look at short tasks, too
   */
  pump(thorough: boolean): void {
    const touched = new Set<PoolWorker>();
    if (this.#queue.size > 0) this.#hand(this.#queue, touched);
    for (const { queue } of this.#crew.workers) if (queue.size > 0) this.#hand(queue, touched);
    if (this.#queue.size === 0) this.#share(thorough, touched);
    for (const worker of touched) worker.owner.wake();
  }

  #share(thorough: boolean, touched: Set<PoolWorker>): void {
    for (const task of spoils(this.#crew.workers, thorough)) {
      const worker = this.#pick(task);
      if (worker && this.#place(worker, task)) touched.add(worker);
      else this.putBack([task]);
    }
  }

  #hand(queue: TaskQueue, touched: Set<PoolWorker>): void {
    for (let task = queue.peek(); task; task = queue.peek()) {
      const home = this.#home(task);
      if (home && home.queue !== queue) {
        queue.shift();
        home.queue.push(task);
        continue;
      }
      const worker = this.#pick(task);
      if (!worker) return;
      queue.shift();
      try {
        if (this.#place(worker, task)) touched.add(worker);
        else {
          queue.putBack(task);
          return;
        }
      } catch (error) {
        task.dropArguments();
        this.#owner.refused(task, error);
      }
    }
  }

  /** The only worker that may run a task; `undefined`: any may, or there is none yet. */
  #home({ traits }: Task): PoolWorker | undefined {
    return (
      traits.worker ??
      (traits.affinity === undefined ? undefined : this.#crew.keeper(traits.affinity))
    );
  }

  /** The worker for a task, if one can take it now. */
  #pick(task: Task): PoolWorker | undefined {
    const { limit } = this.#crew.settings;
    const depth = Math.max(task.fn.depth, limit);
    const { worker, affinity } = task.traits;
    if (worker || affinity !== undefined) {
      const home = this.#home(task);
      return home?.isOpen && (worker || home.load < depth) ? home : undefined;
    }
    let best: PoolWorker | undefined;
    for (const candidate of this.#crew.workers) {
      if (candidate.load >= (best?.load ?? depth) || !candidate.isOpen) continue;
      best = candidate;
      if (best.load === 0) break;
    }
    return best;
  }

  /** Puts a task into a worker's lane. `false`: there is no room in the arena now, but will be. */
  #place(worker: PoolWorker, task: Task, encoded?: Encoded): boolean {
    try {
      worker.place(task, encoded);
    } catch (error) {
      // What is under way makes room when it ends; without that there is nothing to wait for.
      if (isArenaFull(error) && this.#isBusy()) return false;
      throw error;
    }
    if (worker.quota <= 0) this.#owner.exhausted(worker);
    return true;
  }

  #isBusy(): boolean {
    for (const { load } of this.#crew.workers) if (load > 0) return true;
    return false;
  }
}
