import {
  Attachment,
  type Attempt,
  attach,
  block,
  blockAsync,
  checkWaitOptions,
  type Handle,
  openObject,
  registerType,
  SharedObject,
  type WaitOptions,
} from '@multiproc/core';
import type { BarrierAction } from './barrier-action.js';
import { readContent, STATE, specOf } from './barrier-content.js';
import { type BarrierOptions, readBarrierOptions } from './barrier-options.js';
import { BarrierState, type Outcome, type Place } from './barrier-state.js';
import { BrokenBarrierError } from './errors.js';

const NO_OPTIONS: WaitOptions = {};

/**
 * Lets a fixed number of parties meet: each waits until all have arrived, again and again.
 *
 * When a party's time is up, its signal is aborted, the action fails, or a party dies while it
 * waits, the barrier breaks: everybody who waits or comes later gets a `BrokenBarrierError`, until
 * `reset`. A death is noticed within about 100 ms, and by the last one that arrives. Only a party
 * that dies within 10 ms after the first one has arrived may count as one that has passed.
 *
 * Python counterpart: `multiprocessing.Barrier`. Difference: a killed party does not hang the others.
 *
 * @example
 * ```ts
 * import { Barrier } from '@multiproc/condition';
 *
 * const barrier = new Barrier(2);
 * const indices = await Promise.all([barrier.wait(), barrier.wait()]);
 * console.log(indices); // → [ 0, 1 ]
 * ```
 */
export class Barrier extends SharedObject {
  static {
    registerType({ name: 'Barrier', shared: Barrier, module: import.meta.url });
  }

  readonly #state!: BarrierState;
  readonly #timeout!: number;
  readonly #action: BarrierAction | undefined;
  readonly #arriving!: Attempt<Place | null>;
  /** Calls of this agent that wait. */
  #waiting = 0;

  /**
   * Makes a barrier at which nobody waits, or finds the one with the name.
   *
   * @param options - the number of parties, or `parties`, `action`, `timeout`, `name`
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`)
   * @throws EncodeError (`ERR_ENCODE`) when the action is not an exported function
   * @throws ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options: number | BarrierOptions);
  /** @internal */
  constructor(options: number | BarrierOptions | Attachment);
  constructor(options: number | BarrierOptions | Attachment) {
    const isAttached = options instanceof Attachment;
    const read = isAttached ? undefined : readBarrierOptions(options);
    const spec = specOf(read);
    const source = openObject(spec, isAttached ? options : (read as BarrierOptions));
    if (source instanceof Barrier) return source;
    super(spec, source);
    const { memory, agent } = this.family;
    this.#state = new BarrierState(memory, this.content + STATE, this.dataOffset / 4, agent);
    const { timeout, action } = readContent(this.content, this.dataOffset);
    this.#timeout = timeout;
    this.#action = action;
    const acts = action !== undefined;
    this.#arriving = { take: (thorough) => this.#state.arrive(acts, thorough) };
  }

  /**
   * The barrier that a handle names.
   *
   * @param handle - `handle` of a barrier of this family
   * @returns the same object for the same barrier
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its barrier is gone
   */
  static from(handle: Handle): Barrier {
    return attach(handle, 'Barrier') as Barrier;
  }

  /** How many parties must arrive. */
  get parties(): number {
    this.checkUsable();
    return this.#state.parties;
  }

  /** How many parties wait for the others now; 0 while the barrier is broken. */
  get nWaiting(): number {
    this.checkUsable();
    return this.#state.waiting;
  }

  /** Whether the barrier is broken: nobody can wait here before `reset`. */
  get broken(): boolean {
    this.checkUsable();
    return this.#state.isBroken;
  }

  /**
   * Waits until all parties have arrived. The last one runs the action, and awaits it.
   *
   * @param options - `timeout` in milliseconds, instead of the barrier's own; `signal`
   * @returns the order of arrival, from 0 to `parties` - 1: each number once in a passage
   * @throws {@link BrokenBarrierError} (`ERR_BARRIER_BROKEN`) when the barrier is or gets broken
   * @throws what the action throws, in the party that runs it
   * @throws the signal's reason; the barrier is broken then, if this party had arrived
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  async wait(options: WaitOptions = NO_OPTIONS): Promise<number> {
    const remaining = this.#begin(options);
    const { pending } = this.family.agent;
    this.#waiting++;
    try {
      if (this.#action) await this.#action.load();
      const { events } = this.#state;
      const place = this.#checkArrival(
        this.#arriving.take(false) ??
          (await blockAsync(pending, events, this.#arriving, remaining())),
      );
      if (this.#action && place.isLast) return await this.#act(this.#action, place);
      return await this.#pass(place, remaining());
    } finally {
      this.#waiting--;
    }
  }

  /**
   * As {@link Barrier.wait}, blocking the thread.
   *
   * @param options - `timeout` in milliseconds, instead of the barrier's own; `signal` counts only
   *   when it is aborted already
   * @returns the order of arrival, from 0 to `parties` - 1: each number once in a passage
   * @throws {@link BrokenBarrierError} (`ERR_BARRIER_BROKEN`) when the barrier is or gets broken
   * @throws what the action throws, in the party that runs it; ArgumentTypeError when it returns a
   *   promise
   * @throws ArgumentTypeError, ArgumentRangeError for impossible options
   */
  waitSync(options: WaitOptions = NO_OPTIONS): number {
    const remaining = this.#begin(options);
    const { agent } = this.family;
    this.#action?.loadSync();
    const { events } = this.#state;
    const place = this.#checkArrival(
      this.#arriving.take(false) ?? block(agent, events, this.#arriving, remaining()),
    );
    if (this.#action && place.isLast) return this.#actSync(this.#action, place);
    return this.#end(place, block(agent, events, this.#passing(place), remaining()));
  }

  /** Breaks the barrier: everybody who waits gets a `BrokenBarrierError`, until `reset`. */
  abort(): void {
    this.checkUsable();
    this.#state.abort();
  }

  /**
   * Makes the barrier usable again. Parties that wait get a `BrokenBarrierError`; the next ones
   * are let in once those have left.
   */
  reset(): void {
    this.checkUsable();
    this.#state.reset();
  }

  protected override use(): string | undefined {
    return this.#waiting > 0 ? 'a call of this agent is waiting at it' : undefined;
  }

  /** Checks the options, and starts the clock. */
  #begin(options: WaitOptions): () => WaitOptions {
    this.checkUsable();
    checkWaitOptions(options);
    const { timeout = this.#timeout, signal } = options;
    const end = performance.now() + timeout;
    return () => ({ timeout: end - performance.now(), signal });
  }

  #checkArrival(place: Place | null | undefined): Place {
    if (place) return place;
    // Its time was up before it was let in: like any other time-out, that breaks the barrier.
    if (place === undefined) this.#state.abort();
    throw brokenError();
  }

  #passing(place: Place): Attempt<Outcome> {
    return { take: (thorough) => this.#state.outcome(place, thorough) };
  }

  async #pass(place: Place, options: WaitOptions): Promise<number> {
    const { pending } = this.family.agent;
    let outcome: Outcome | undefined;
    try {
      outcome = await blockAsync(pending, this.#state.events, this.#passing(place), options);
    } catch (reason) {
      if (this.#state.leave(place) === 'broken') throw reason;
      outcome = 'passed';
    }
    return this.#end(place, outcome);
  }

  async #act(action: BarrierAction, place: Place): Promise<number> {
    try {
      if (this.#isWhole(place)) await action.run();
    } catch (error) {
      this.#state.leave(place);
      throw error;
    }
    return this.#open(place);
  }

  #actSync(action: BarrierAction, place: Place): number {
    try {
      if (this.#isWhole(place)) action.runSync();
    } catch (error) {
      this.#state.leave(place);
      throw error;
    }
    return this.#open(place);
  }

  #isWhole(place: Place): boolean {
    return this.#state.outcome(place, false) === undefined;
  }

  #open(place: Place): number {
    return this.#end(place, this.#state.open(place) ? 'passed' : 'broken');
  }

  /** Ends a wait; the outcome is undefined after the time-out. */
  #end(place: Place, outcome: Outcome | undefined): number {
    if (outcome === 'passed' || this.#state.leave(place) === 'passed') return place.index;
    throw brokenError();
  }
}

function brokenError(): BrokenBarrierError {
  return new BrokenBarrierError(
    'the barrier is broken: a party gave up, failed, died, or aborted or reset the barrier; ' +
      'reset() makes it usable again',
  );
}
