import {
  type Attempt,
  block,
  blockAsync,
  EventCount,
  type Family,
  type WaitOptions,
} from '@multiproc/core';

/** A signal that `Process` sends. */
export type ChildSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

/** Longest delay of a Node timer; longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * A process or thread that this thread has started, and the event that it ends: what `join` waits
 * on. Only the starter can wait for it, so there is no event count in shared memory. A blocking
 * waiter sleeps in whatever way the platform tells the end of a process or thread; awaiting ones
 * are poked when Node has told it.
 */
export abstract class Child extends EventCount implements Attempt<true> {
  /** Where the child belongs. */
  readonly family: Family;
  /** Its place in the agent table. */
  readonly agent: number;
  /** Process id. */
  abstract readonly pid: number;
  readonly #onEnd: () => void;
  #hasEnded = false;
  #exitCode: number | null = null;
  #listeners: (() => void)[] = [];
  #graceEnds = Number.POSITIVE_INFINITY;
  #graceTimer: NodeJS.Timeout | undefined;
  /**
   * What `join` awaits: that the exit code is known too. Node may have reaped the process and not
   * told it yet; a blocking caller cannot wait for that, because it would keep Node from telling.
   */
  readonly #told: Attempt<true> = {
    take: () => (this.exitCode === null ? undefined : true),
  };
  /** For a starter that blocks in a call that waits for what the child refers to. */
  readonly #looker = (): void => {
    this.take(false);
  };

  /**
   * @param family - the family, which the starter has joined
   * @param agent - the place claimed for the child
   * @param onEnd - called once, when the child is known to have ended
   */
  constructor(family: Family, agent: number, onEnd: () => void) {
    // Not an index of a word: it tells this event from all others, and in the agent table it says
    // whose end a waiter waits for.
    super(family.memory, -agent);
    this.family = family;
    this.agent = agent;
    this.#onEnd = onEnd;
  }

  /** Exit code, minus the number of the signal that ended it, or `null` while it is not known. */
  get exitCode(): number | null {
    this.take(false);
    return this.#exitCode;
  }

  /** Whether it runs. */
  get isAlive(): boolean {
    return this.take(false) === undefined;
  }

  /** Waits for its end and blocks the thread. `false` after the time-out. */
  joinSync(options: WaitOptions): boolean {
    return block(this.family.agent, this, this, options) === true;
  }

  /** Waits for its end. `false` after the time-out. */
  async join(options: WaitOptions): Promise<boolean> {
    return (await blockAsync(this.family.agent.pending, this, this.#told, options)) === true;
  }

  /** Calls back once, when the exit code is known. Does not keep the event loop alive. */
  onExit(listener: () => void): void {
    if (this.#exitCode === null) this.#listeners.push(listener);
    else setImmediate(listener);
  }

  /** Sends a signal, if it still runs. */
  send(signal: ChildSignal): void {
    if (this.isAlive) this.deliver(signal);
  }

  /** Sends SIGTERM, and SIGKILL if it still runs after so many milliseconds. */
  terminate(grace: number): void {
    if (!this.isAlive) return;
    this.deliver('SIGTERM');
    this.#graceEnds = Math.min(this.#graceEnds, performance.now() + grace);
    clearTimeout(this.#graceTimer);
    const left = this.#graceEnds - performance.now();
    if (left > LONGEST_TIMER) return;
    this.#graceTimer = setTimeout(() => this.send('SIGKILL'), left);
    // The child keeps the process alive where it should.
    this.#graceTimer.unref();
  }

  /** Called when the child has been started: its end is looked for from now on. */
  protected begin(): void {
    this.family.reaper.lookers.add(this.#looker);
  }

  take(_thorough: boolean): true | undefined {
    if (!this.#hasEnded) this.look();
    if (this.#hasEnded) return true;
    // A starter that is blocked in joinSync has no timers.
    if (performance.now() >= this.#graceEnds) this.deliver('SIGKILL');
    return undefined;
  }

  // The end of a process cannot be undone, so a sleeper needs no sequence to notice what it missed.
  override get sequence(): number {
    return 0;
  }

  override announceSleeper(): void {}

  override announceAgent(): void {}

  override wake(): void {
    this.family.agent.pending.poke();
  }

  /** Calls {@link finish} if the operating system says that the child has ended. */
  protected abstract look(): void;

  /** Sends a signal to the running child. */
  protected abstract deliver(signal: ChildSignal): void;

  /** Gives back what was kept in order to watch the child. */
  protected abstract release(): void;

  /**
   * Records the end; called by whoever learns of it first.
   *
   * @param exitCode - `null` when only Node knows it, and is going to tell
   */
  protected finish(exitCode: number | null): void {
    this.#exitCode ??= exitCode;
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.family.reaper.lookers.delete(this.#looker);
      clearTimeout(this.#graceTimer);
      this.release();
      this.family.reaper.reap(this.agent);
      this.#onEnd();
    }
    // Not from here: whoever looked may be anywhere in its work.
    if (this.#exitCode !== null) for (const told of this.#listeners.splice(0)) setImmediate(told);
    // Node tells the ends of several processes one after the other and runs microtasks in between,
    // when some have been reaped whose exit codes are not known yet. So awaiting callers go on in
    // the next phase of the event loop.
    if (this.family.agent.pending.has(this)) setImmediate(() => this.wake());
  }
}
