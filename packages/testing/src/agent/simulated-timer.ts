let count = 0;

/** What the simulated `setTimeout` and `setInterval` return: a `NodeJS.Timeout` as far as code can tell. */
export class SimulatedTimer {
  readonly id = ++count;
  readonly run: () => void;
  readonly isInterval: boolean;
  /** When it fires, on the model's clock. */
  due: number;
  readonly #delay: number;
  readonly #clock: { readonly now: number };
  readonly #clear: (timer: SimulatedTimer) => void;
  #isRef = true;

  /**
   * @param run - the callback
   * @param delay - in milliseconds
   * @param isInterval - whether it fires again and again
   * @param clock - the model's clock
   * @param clear - stops it
   */
  constructor(
    run: () => void,
    delay: number,
    isInterval: boolean,
    clock: { readonly now: number },
    clear: (timer: SimulatedTimer) => void,
  ) {
    this.run = run;
    this.isInterval = isInterval;
    this.#delay = delay;
    this.#clock = clock;
    this.#clear = clear;
    this.due = clock.now + delay;
  }

  /** Starts the delay anew. */
  refresh(): this {
    this.due = this.#clock.now + this.#delay;
    return this;
  }

  ref(): this {
    this.#isRef = true;
    return this;
  }

  unref(): this {
    this.#isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  close(): this {
    this.#clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.#clear(this);
  }
}
