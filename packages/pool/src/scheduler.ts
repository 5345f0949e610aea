import { type Attempt, blockAsync, currentFamily, type Encoded } from '@multiproc/core';
import { Backlog } from './backlog.js';
import { between } from './clock.js';
import { Crew } from './crew.js';
import { deathOf } from './death.js';
import { Dispatcher } from './dispatcher.js';
import { enforceEnd } from './enforce-end.js';
import { PoolQueueFullError, PoolStateError, PoolTerminatedError } from './errors.js';
import { Histogram } from './histogram.js';
import { PHASE, STATE } from './lane-layout.js';
import { PoolFunctions } from './pool-function.js';
import type { PoolSettings } from './pool-settings.js';
import { type PoolWorker, SPARE } from './pool-worker.js';
import { deliverProgress, type Outcome, readFailure, readResult } from './receive.js';
import type { SchedulerListener, SchedulerState } from './scheduler-listener.js';
import { StartFailures } from './start-failures.js';
import { StoredValue } from './stored-value.js';
import type { Task } from './task.js';

/**
 * Takes tasks, sees to it that each settles exactly once, and that there are workers. Tasks wait in this
 * thread, where priority and cancelling are a matter of a list. A worker gets so many ahead as keep it
 * busy for a fraction of a millisecond; those it has not begun can be taken back.
 */
export class Scheduler {
  readonly crew: Crew;
  readonly functions = new PoolFunctions();
  readonly waitTimes = new Histogram();
  readonly runTimes = new Histogram();
  state: SchedulerState = 'open';
  completed = 0;
  failed = 0;
  /** Tasks that are not settled. */
  outstanding = 0;
  /** Tasks that have not been begun. */
  readonly backlog: Backlog;
  readonly #dispatcher: Dispatcher;
  readonly #listener: SchedulerListener;
  #isWatching = false;
  readonly #failures = new StartFailures();

  /**
   * Starts the workers.
   *
   * @param settings - of the pool
   * @param listener - hears what happens
   * @throws what starting a worker throws; those before it have been ended then
   */
  constructor(settings: PoolSettings, listener: SchedulerListener) {
    this.#listener = listener;
    this.crew = new Crew(settings, {
      created: (worker) => listener.created(worker),
      ended: (worker) => this.#ended(worker),
    });
    this.#dispatcher = new Dispatcher(this.crew, {
      exhausted: (worker) => {
        // Its successor comes up while it runs its last task.
        this.crew.retire(worker);
        if (this.state === 'open' || this.#dispatcher.waiting > 0) this.#fill();
      },
      refused: (task, value) => this.#settle(task, { isError: true, value }),
    });
    this.backlog = new Backlog(this.crew, this.#dispatcher, listener);
    try {
      this.crew.fill(settings.min);
    } catch (error) {
      this.terminate();
      throw error;
    }
  }

  /**
   * Refuses tasks in all states but `open`.
   *
   * @throws PoolStateError, PoolBrokenError
   */
  checkOpen(): void {
    if (this.state === 'open') return;
    if (this.state === 'broken') throw this.#failures.error;
    throw new PoolStateError(`the pool is ${this.state} and takes no more tasks: make a new one`);
  }

  /**
   * Takes a task.
   *
   * @param task - new
   * @param encoded - its arguments
   * @param value - what was encoded
   * @throws PoolStateError, PoolBrokenError, PoolQueueFullError, ArenaFullError, DisposedError; the
   * task has not been taken then
   */
  submit(task: Task, encoded: Encoded, value: unknown): void {
    this.checkOpen();
    task.hasModules = encoded.modules.length > 0;
    if (!task.traits.worker && this.backlog.isFull) throw queueFull(this.backlog.size);
    const worker = this.#dispatcher.placeNew(task, encoded);
    if (worker) worker.owner.wake();
    else this.#enqueue(task, encoded, value);
    this.backlog.taken(worker);
    this.outstanding++;
    this.#watch();
  }

  /** Collects results and hands tasks out now, for a caller that keeps the event loop waiting. */
  attend(): void {
    this.#watcher.take(false);
  }

  /** Gives a task up, wherever it is: it is settled with the error. */
  abandon(task: Task, value: unknown, reason: number): void {
    if (task.isSettled) return;
    const { worker } = task;
    if (!worker) {
      this.#dispatcher.remove(task);
      task.dropArguments();
    } else if (worker.recall(task)) task.dropArguments();
    else if (worker.owner.stateOf(task.slot) === STATE.DONE) {
      // It has ended by itself; its result counts.
      this.#drain(worker);
      return;
    } else this.#stop(worker, task, reason);
    this.#settle(task, { isError: true, value });
    this.#pump(false);
  }

  /** Gives a task up that has not been begun. `false`: it has, or it is settled. */
  cancel(task: Task, error: unknown): boolean {
    if (task.isSettled) return false;
    const { worker } = task;
    if (worker) {
      if (!worker.recall(task)) return false;
    } else this.#dispatcher.remove(task);
    task.dropArguments();
    this.#settle(task, { isError: true, value: error });
    this.#pump(false);
    return true;
  }

  /** No more tasks; the workers end when all have been done. */
  close(): void {
    if (this.state === 'open') this.state = 'closed';
    this.backlog.letGo();
    if (this.outstanding === 0) this.#retireAll();
  }

  /** Rejects everything and ends the workers. */
  terminate(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    for (const worker of this.crew.workers) {
      worker.state = 'retiring';
      worker.process.terminate({ grace: this.crew.settings.grace });
    }
    this.#rejectAll(new PoolTerminatedError('the pool was terminated before the task had ended'));
  }

  /** Has as many workers as the settings say from now on. */
  resize(): void {
    const { min, max } = this.crew.settings;
    const staff = [...this.crew.workers].filter(
      ({ state, seat }) => state !== 'retiring' && seat !== SPARE,
    );
    staff.sort((a, b) => a.load - b.load);
    for (const worker of staff) if (this.crew.size > max) this.#retire(worker);
    this.crew.fill(Math.max(min, this.crew.size));
    this.#pump(false);
  }

  /** Ends workers that have had nothing to do for long, down to the least number. */
  shrink(): void {
    const { min, idleTimeout } = this.crew.settings;
    const since = performance.now() - idleTimeout;
    for (const worker of this.crew.workers) {
      if (worker.isIdle && worker.idleSince <= since && this.crew.size > min) this.#retire(worker);
    }
  }

  /** Resolves when a task can be added without exceeding `maxQueue`. */
  async room(): Promise<void> {
    while (this.state === 'open' && this.backlog.isFull) await this.backlog.change();
    this.checkOpen();
  }

  #enqueue(task: Task, encoded: Encoded, value: unknown): void {
    task.waiting = StoredValue.of(encoded, value);
    this.#dispatcher.enqueue(task);
    this.#grow();
  }

  /** Starts another worker when more waits than those that are coming up can take. */
  #grow(): void {
    const { crew } = this;
    if (crew.size < crew.settings.max && crew.starting < this.#dispatcher.waiting) {
      this.#fill(crew.size + 1);
    }
  }

  /** Starts workers; a failure counts like that of a worker that has died while it started. */
  #fill(size = Math.min(this.crew.settings.min, this.crew.settings.max)): void {
    if (this.state === 'terminated' || this.state === 'broken') return;
    try {
      this.crew.fill(size);
    } catch (error) {
      this.#startFailed(error, null);
    }
  }

  /** Listens for the workers while there is anything to hear. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { pending } = currentFamily().agent;
    void blockAsync(pending, this.crew.bell.events, this.#watcher, {}).then(() => {
      this.#isWatching = false;
      if (this.outstanding > 0) this.#watch();
    });
  }

  /**
   * Never succeeds while anything is outstanding: its attempts are what collects the results. When the
   * last task has ended it stays until the next look around, because the next task may be on its way.
   */
  readonly #watcher: Attempt<true> = {
    take: (thorough) => {
      for (const worker of this.crew.workers) this.#drain(worker);
      this.#pump(thorough);
      const isOver = this.outstanding === 0 && (thorough || this.state !== 'open');
      return isOver ? true : undefined;
    },
  };

  #pump(thorough: boolean): void {
    this.#dispatcher.pump(thorough);
    if (this.#dispatcher.common > 0) this.#grow();
    if (this.state !== 'terminated') this.backlog.look();
  }

  /** Collects what a worker has to say. */
  #drain(worker: PoolWorker): void {
    const { owner } = worker;
    this.#lookAtPhase(worker);
    // Before the progress values are taken, so that those of a finished task are among them.
    const { done } = owner;
    deliverProgress(worker, (error) => this.#listener.failed(error));
    for (let left = done; left > 0; left--) this.#collect(worker, owner.nextDone());
  }

  #lookAtPhase(worker: PoolWorker): void {
    const { phase } = worker.owner;
    if (worker.state === 'starting' && (phase === PHASE.READY || phase === PHASE.HEAVY)) {
      worker.state = 'ready';
      worker.idleSince = performance.now();
      this.#failures.forget();
    }
    if (worker.state === 'ready' && phase === PHASE.HEAVY) {
      this.#retire(worker);
      this.#fill();
    }
  }

  /** Takes the result of a finished task out of its slot. */
  #collect(worker: PoolWorker, slot: number): void {
    const { owner } = worker;
    const task = worker.tasks[slot];
    if (!task || task.isSettled) {
      if (task) worker.zombies--;
      worker.release(slot);
      return;
    }
    const ran = owner.ranFor(slot);
    task.fn.record(ran);
    this.runTimes.record(ran);
    this.waitTimes.record(between(task.submitted, owner.startedAt(slot)));
    const result = readResult(worker, slot, task.fn.label);
    worker.release(slot);
    if (!(result instanceof Promise)) this.#settle(task, result);
    else void result.then((late) => this.#settle(task, late));
  }

  #settle(task: Task, { isError, value }: Outcome): void {
    if (task.isSettled) return;
    this.outstanding--;
    if (isError) {
      this.failed++;
      this.#listener.taskFailed(task.fn.label, value);
      task.reject(value);
    } else {
      this.completed++;
      task.resolve(value);
    }
    if (this.outstanding === 0 && this.state === 'closed') this.#retireAll();
  }

  /** Asks a running task to stop, and replaces its worker when it does not do so in time. */
  #stop(worker: PoolWorker, task: Task, reason: number): void {
    worker.zombies++;
    this.#dispatcher.putBack(worker.recallAll());
    worker.owner.cancel(task.slot, reason);
    enforceEnd(worker, task, this.crew.settings.grace);
  }

  /** Lets a worker go; what it has not begun goes to others. */
  #retire(worker: PoolWorker): void {
    this.#dispatcher.putBack(worker.recallAll());
    const own = worker.queue.clear();
    this.crew.retire(worker);
    for (const task of own) {
      if (task.traits.worker) worker.queue.push(task);
      else this.#dispatcher.putBack([task]);
    }
  }

  #retireAll(): void {
    for (const worker of this.crew.workers) this.crew.retire(worker);
  }

  /** A worker has ended: its lane tells what has become of each task. */
  #ended(worker: PoolWorker): void {
    deliverProgress(worker, (error) => this.#listener.failed(error));
    const wasUp = worker.owner.phase !== PHASE.STARTING && worker.owner.phase !== PHASE.FAILED;
    const isExpected = worker.wasTold || this.state === 'terminated';
    const again: Task[] = [];
    let error: Error | undefined;
    for (let slot = 0; slot < worker.tasks.length; slot++) {
      const task = worker.tasks[slot];
      const state = worker.owner.stateOf(slot);
      if (!task) continue;
      if (task.isSettled || state === STATE.DONE) this.#collect(worker, slot);
      else if (state === STATE.QUEUED || task.retries > 0) {
        if (state === STATE.RUNNING) task.retries--;
        worker.takeBack(task);
        again.push(task);
      } else {
        error = deathOf(worker, task.fn.label);
        worker.release(slot);
        this.#settle(task, { isError: true, value: error });
      }
    }
    again.push(...worker.queue.clear());
    this.#dispatcher.putBack(again.filter(({ traits }) => !traits.worker));
    for (const task of again) {
      if (!task.traits.worker) continue;
      task.dropArguments();
      this.#settle(task, { isError: true, value: deathOf(worker, task.fn.label) });
    }
    if (!isExpected && !wasUp) {
      error ??= deathOf(worker, 'its start');
      this.#startFailed(readFailure(worker.owner) ?? error, worker.process.exitCode);
    } else if (!isExpected) error ??= deathOf(worker, 'no task');
    worker.owner.dispose();
    this.#listener.ended(worker, error);
    if (this.state === 'open' || this.#dispatcher.waiting > 0) this.#fill();
    this.#pump(false);
  }

  #startFailed(failure: unknown, exitCode: number | null): void {
    this.#failures.add(failure, exitCode);
    if (!this.#failures.areTooMany || this.state === 'terminated') return;
    this.state = 'broken';
    this.#retireAll();
    this.backlog.letGo();
    this.#rejectAll(this.#failures.error);
  }

  #rejectAll(value: Error): void {
    this.backlog.letGo();
    const waiting = this.#dispatcher.clear();
    const placed = [...this.crew.workers].flatMap(({ tasks }) =>
      tasks.filter((task) => task !== undefined),
    );
    for (const task of [...waiting, ...placed]) {
      task.dropArguments();
      this.#settle(task, { isError: true, value });
    }
  }
}

function queueFull(waiting: number): PoolQueueFullError {
  return new PoolQueueFullError(
    `${waiting} tasks wait already, as many as maxQueue allows: await pool.ready() first`,
  );
}
