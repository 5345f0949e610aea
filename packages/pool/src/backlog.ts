import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';
import type { PoolWorker } from './pool-worker.js';
import type { SchedulerListener } from './scheduler-listener.js';

/**
 * The tasks that have not been begun, against `maxQueue`: whether one more may come, who waits for room, and
 * what is told of it. Those that a worker has been given ahead count like those that wait in this thread.
 */
export class Backlog {
  readonly #crew: Crew;
  readonly #dispatcher: Dispatcher;
  readonly #listener: Pick<SchedulerListener, 'drained' | 'filled'>;
  /** Those who wait for room. */
  #waiters: (() => void)[] = [];
  /** Whether any task has waited since nothing did. */
  #hasWaited = false;

  /**
   * @param crew - the workers
   * @param dispatcher - has the tasks that wait in this thread
   * @param listener - hears when the backlog is full, and when it is empty again
   */
  constructor(
    crew: Crew,
    dispatcher: Dispatcher,
    listener: Pick<SchedulerListener, 'drained' | 'filled'>,
  ) {
    this.#crew = crew;
    this.#dispatcher = dispatcher;
    this.#listener = listener;
  }

  /** How many tasks have not been begun. */
  get size(): number {
    let size = this.#dispatcher.waiting;
    for (const worker of this.#crew.workers) size += worker.ahead;
    return size;
  }

  /** Whether as many tasks wait as may. */
  get isFull(): boolean {
    const { maxQueue, max, limit } = this.#crew.settings;
    if (maxQueue === Number.POSITIVE_INFINITY) return false;
    const { starting, size, workers } = this.#crew;
    // Workers that are coming up, or will when a task waits, are going to be free for so many.
    let free = (starting + Math.max(0, max - size)) * limit;
    for (const worker of workers) free += worker.handsFree;
    return this.size >= maxQueue + free;
  }

  /**
   * A task has been taken.
   *
   * @param worker - who has been given it; `undefined`: it waits in this thread
   */
  taken(worker: PoolWorker | undefined): void {
    if (worker && worker.ahead === 0) return;
    this.#hasWaited = true;
    if (this.isFull) this.#listener.filled();
  }

  /** Tasks have been begun, or given up. */
  look(): void {
    if (this.#hasWaited && this.size === 0) {
      this.#hasWaited = false;
      this.#listener.drained();
    }
    if (this.#waiters.length > 0 && !this.isFull) this.letGo();
  }

  /** Resolves when there may be room, or the pool has ended: to be asked again. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Has all who wait for room look again. */
  letGo(): void {
    for (const go of this.#waiters.splice(0)) go();
  }
}
