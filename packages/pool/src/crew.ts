import { Bell } from './bell.js';
import { type Nesting, nestedIn } from './nesting.js';
import type { PoolSettings } from './pool-settings.js';
import { PoolWorker, SPARE } from './pool-worker.js';

/** What a crew tells whoever has it. */
export interface CrewListener {
  /** A worker has been started. */
  created(worker: PoolWorker): void;
  /** A worker has ended; it is not in the crew any more. */
  ended(worker: PoolWorker): void;
}

/** The workers of a pool: starting, keeping and ending them. Which task goes where is not decided here. */
export class Crew {
  /** What the owner waits on. */
  readonly bell: Bell;
  /** All that have not ended. */
  readonly workers = new Set<PoolWorker>();
  readonly settings: PoolSettings;
  readonly #listener: CrewListener;
  readonly #nesting: Nesting;
  #started = 0;

  /**
   * @param settings - of the pool
   * @param listener - hears of workers that come and go
   * @throws PoolBudgetError
   */
  constructor(settings: PoolSettings, listener: CrewListener) {
    this.settings = settings;
    this.#listener = listener;
    this.#nesting = nestedIn(settings.max);
    this.bell = new Bell();
  }

  /** Workers that are or will be there for tasks. */
  get size(): number {
    return this.#count(isStaff);
  }

  /** Workers that are coming up. */
  get starting(): number {
    return this.#count((worker) => isStaff(worker) && worker.state === 'starting');
  }

  /** The worker that has the tasks of a key; `undefined`: there is no worker. */
  keeper(key: string | number): PoolWorker | undefined {
    const staff = [...this.workers].filter(isStaff).sort((a, b) => a.seat - b.seat);
    return staff[hash(String(key)) % Math.max(staff.length, 1)];
  }

  /** Starts workers until there are so many. */
  fill(size: number): void {
    while (this.size < size) {
      const spare = this.#spare();
      if (spare) spare.seat = this.#freeSeat();
      else this.#start(this.#freeSeat());
    }
    while (this.#count(isSpare) < this.settings.spares) this.#start(SPARE);
  }

  #start(seat: number): void {
    const { settings } = this;
    const worker = new PoolWorker(
      seat,
      this.bell,
      {
        limit: settings.limit,
        maxMemory: settings.maxMemory,
        initializer: settings.initializer,
        initargs: settings.initargs,
        nesting: this.#nesting,
      },
      {
        ...settings.started,
        startMethod: settings.startMethod,
        name: `PoolWorker-${++this.#started}`,
      },
      settings.quota,
    );
    this.workers.add(worker);
    worker.onExit(() => {
      this.workers.delete(worker);
      this.#listener.ended(worker);
    });
    this.#listener.created(worker);
  }

  /** Lets a worker go: it ends when it has done what it has, and gets nothing more. */
  retire(worker: PoolWorker): void {
    if (worker.state === 'gone') return;
    worker.state = 'retiring';
    worker.close();
  }

  #freeSeat(): number {
    const taken = new Set([...this.workers].filter(isStaff).map(({ seat }) => seat));
    let seat = 0;
    while (taken.has(seat)) seat++;
    return seat;
  }

  /** One that is up already, if there is any. */
  #spare(): PoolWorker | undefined {
    const spares = [...this.workers].filter(isSpare);
    return spares.find(({ state }) => state === 'ready') ?? spares[0];
  }

  #count(condition: (worker: PoolWorker) => boolean): number {
    let count = 0;
    for (const worker of this.workers) if (condition(worker)) count++;
    return count;
  }
}

function isStaff({ state, seat }: PoolWorker): boolean {
  return seat !== SPARE && (state === 'ready' || state === 'starting');
}

function isSpare({ state, seat }: PoolWorker): boolean {
  return seat === SPARE && (state === 'ready' || state === 'starting');
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
