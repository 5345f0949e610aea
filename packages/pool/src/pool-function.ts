import {
  ArgumentTypeError,
  type Exportable,
  encode,
  type FunctionReference,
  locateFunction,
  parseReference,
} from '@multiproc/core';
import { CALLABLE, SLOTS } from './lane-layout.js';
import { StoredValue } from './stored-value.js';

/** How much work a worker is given ahead, in microseconds. */
const AHEAD = 300;

/** Up to this run time a worker gets one task ahead, so that it need not wait for the next, in microseconds. */
const SHORT = 20_000;

/** Weight of the newest run time in the average. */
const WEIGHT = 1 / 8;

/** A function that tasks call, as the owner of a pool knows it. */
export class PoolFunction {
  /** What the workers call it; CALLABLE: no function, the arguments bring a callable object. */
  readonly number: number;
  /** Its module and name, encoded for the workers; `undefined` for callable objects. */
  readonly definition: StoredValue | undefined;
  /** What messages call it. */
  readonly label: string;
  /** Tasks of this function that one worker is given at a time, the running one included. */
  depth = 1;
  /** Average run time in microseconds; negative before the first. */
  average = -1;

  /**
   * @param number - what the workers call it
   * @param reference - where workers find it
   * @param label - what messages call it
   */
  constructor(number: number, reference: FunctionReference | undefined, label: string) {
    this.number = number;
    this.label = label;
    if (!reference) return;
    const value = [reference.module, reference.name];
    this.definition = StoredValue.of(encode(value), value);
  }

  /** Learns from a finished task how much work ahead is right. */
  record(ran: number): void {
    this.average = this.average < 0 ? ran : this.average + (ran - this.average) * WEIGHT;
    const fitting = Math.ceil(AHEAD / Math.max(this.average, 1));
    const least = this.average < SHORT ? 2 : 1;
    this.depth = Math.min(Math.max(fitting, least), SLOTS);
  }
}

/** All functions that a pool has been given. */
export class PoolFunctions {
  readonly #byFunction = new Map<unknown, PoolFunction>();
  readonly #byReference = new Map<string, PoolFunction>();
  #count: number = CALLABLE;

  /**
   * The function behind what a caller passed as a task.
   *
   * @param target - a function, a reference, or a callable object
   * @throws ArgumentTypeError, ArgumentRangeError; NotExportedError with the place and advice
   */
  get(target: unknown): PoolFunction {
    return this.#byFunction.get(target) ?? this.#find(target);
  }

  #find(target: unknown): PoolFunction {
    if (typeof target === 'function') {
      const found = this.#named(locateFunction(target as Exportable));
      this.#byFunction.set(target, found);
      return found;
    }
    const reference = parseReference(target, 'fn');
    if (reference) return this.#named(reference);
    if (isCallable(target)) return this.#callableOf(target);
    throw new ArgumentTypeError(
      'fn',
      "a function, { module: new URL('./work.js', import.meta.url), name: 'work' }, or an object with a " +
        'method run',
      target,
    );
  }

  #named(reference: FunctionReference): PoolFunction {
    const key = `${reference.name}@${reference.module}`;
    let found = this.#byReference.get(key);
    if (!found) {
      found = new PoolFunction(
        ++this.#count,
        reference,
        `${reference.name} of ${reference.module}`,
      );
      this.#byReference.set(key, found);
    }
    return found;
  }

  /** One for each class, so that each has run times of its own. */
  #callableOf(target: { run: unknown }): PoolFunction {
    let found = this.#byFunction.get(target.run);
    if (!found || found.number !== CALLABLE) {
      found = new PoolFunction(CALLABLE, undefined, `run of ${target.constructor?.name}`);
      this.#byFunction.set(target.run, found);
    }
    return found;
  }
}

function isCallable(value: unknown): value is { run: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { run?: unknown }).run === 'function'
  );
}
