import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { CLOCK, dueOf } from '../explorer/channel.js';
import type { Baton } from './baton.js';
import { SimulatedTimer } from './simulated-timer.js';

type Callback = (...args: unknown[]) => void;

/**
 * Takes the place of clocks, timers and chance in an agent's thread, so that a schedule alone
 * decides what happens. The clock moves only when the model advances it or a wait times out, and
 * a timer fires only where the schedule says so.
 */
export class SimulatedTime {
  readonly #baton: Baton;
  #timers: SimulatedTimer[] = [];
  #immediates: { run: () => void }[] = [];
  #seed = 0;

  /** @param baton - knows the clock */
  constructor(baton: Baton) {
    this.#baton = baton;
    this.reset();
  }

  /** Replaces the functions. */
  install(): void {
    performance.now = () => this.now;
    Date.now = () => Math.floor(this.now);
    process.hrtime.bigint = () => BigInt(Math.round(this.now * 1e6));
    Math.random = () => this.#random();
    // When memory is collected is not part of a schedule.
    globalThis.FinalizationRegistry = InertRegistry as unknown as typeof FinalizationRegistry;
    const replaced = {
      setTimeout: (run: Callback, delay?: number, ...args: unknown[]) =>
        this.#add(() => run(...args), delay, false),
      setInterval: (run: Callback, delay?: number, ...args: unknown[]) =>
        this.#add(() => run(...args), delay, true),
      setImmediate: (run: Callback, ...args: unknown[]) => this.#addImmediate(() => run(...args)),
      clearTimeout: (timer: unknown) => this.#clear(timer),
      clearInterval: (timer: unknown) => this.#clear(timer),
      clearImmediate: (immediate: unknown) => {
        this.#immediates = this.#immediates.filter((other) => other !== immediate);
      },
    };
    Object.assign(globalThis, replaced);
    Object.assign(timers, replaced);
    syncBuiltinESMExports();
  }

  /** Forgets what the last schedule left pending. */
  reset(): void {
    this.#timers = [];
    this.#immediates = [];
    this.#seed = this.#baton.start.index + 1;
  }

  /** The model's clock, in milliseconds. */
  get now(): number {
    this.#baton.bind();
    return this.#baton.start.times[CLOCK] as number;
  }

  /** Lets the model's clock go on. */
  advance(milliseconds: number): void {
    this.#baton.start.times[CLOCK] = this.now + milliseconds;
  }

  /** Tells the explorer when the earliest timer is due. */
  publishDue(): void {
    const { start } = this.#baton;
    start.times[dueOf(start.index)] = this.#earliest?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Fires the earliest timer. */
  fire(): void {
    const timer = this.#earliest;
    if (!timer) return;
    if (timer.isInterval) timer.refresh();
    else this.#clear(timer);
    timer.run();
  }

  /** Runs one `setImmediate` callback; `false` when there is none. */
  runImmediate(): boolean {
    const immediate = this.#immediates.shift();
    immediate?.run();
    return immediate !== undefined;
  }

  get #earliest(): SimulatedTimer | undefined {
    return [...this.#timers].sort((a, b) => a.due - b.due)[0];
  }

  #add(run: () => void, delay = 1, isInterval: boolean): SimulatedTimer {
    const timer = new SimulatedTimer(run, Math.max(1, delay), isInterval, this, (old) =>
      this.#clear(old),
    );
    this.#timers.push(timer);
    return timer;
  }

  #addImmediate(run: () => void): object {
    const immediate = { run, ref: () => immediate, unref: () => immediate, hasRef: () => true };
    this.#immediates.push(immediate);
    return immediate;
  }

  #clear(timer: unknown): void {
    this.#timers = this.#timers.filter((other) => other !== timer && other.id !== timer);
  }

  /** Marsaglia's xorshift: the same numbers in every schedule. */
  #random(): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) / 2 ** 32;
  }
}

class InertRegistry {
  register(): void {}
  unregister(): boolean {
    return false;
  }
}
