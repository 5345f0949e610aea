import { TimeoutError } from '@multiproc/core';
import type { MapSettings } from './executor-options.js';
import type { Future } from './future.js';
import type { InputRows } from './inputs.js';
import { deadline, waitUntil } from './wait-until.js';

/** Begins the calls for some rows of arguments. */
type Begin = (rows: unknown[][]) => Future<unknown>;

/** A begun chunk, or what came in its place. */
type Entry = { readonly future: Future<unknown> } | { readonly error: unknown };

/**
 * The results of an executor's `map`, in the order of the input. Leaving a `for await` loop, an error and a
 * time-out end it: what has not been begun is cancelled, and never run.
 *
 * Python counterpart: the generator that `Executor.map` returns.
 *
 * @typeParam Result - of one call
 */
export class MapIterator<Result> implements AsyncIterableIterator<Result, undefined> {
  readonly #begin: Begin;
  readonly #input: InputRows;
  readonly #settings: MapSettings;
  readonly #deadline: { left(): number };
  /** Begun and not taken, in order: from `#head` on. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  /** Results of the chunk that is being taken, the next one last. */
  #values: unknown[] = [];
  #hasInput = true;
  #isStopped = false;
  #isFilling = false;
  /** Called when a chunk was begun, or there will be none. */
  #arrived: (() => void) | undefined;
  /** Ends with the latest call of `next()`. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(begin: Begin, input: InputRows, settings: MapSettings) {
    this.#begin = begin;
    this.#input = input;
    this.#settings = settings;
    this.#deadline = deadline(settings.timeout);
    this.#fill();
    const first = this.#entries[0];
    if (!first || !('error' in first)) return;
    // Nothing has been begun, so whoever called hears of it at once.
    this.#abandon();
    throw first.error;
  }

  /**
   * The next result.
   *
   * @returns the result, as of any iterator
   * @throws the error of the call or of the input; TimeoutError (`ERR_TIMEOUT`) when it does not come in time,
   * counted from the call of `map`; the signal's reason. The iteration is over then.
   */
  next(): Promise<IteratorResult<Result, undefined>> {
    const turn = this.#turn.then(() => this.#next());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Cancels what has not been begun. */
  async return(): Promise<IteratorResult<Result, undefined>> {
    this.#stop();
    // Input that somebody waits for may never come, and is not left before that.
    if (this.#isFilling) this.#abandon();
    else await this.#input.close();
    return { done: true, value: undefined };
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The same as `return()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #next(): Promise<IteratorResult<Result, undefined>> {
    while (this.#values.length === 0) {
      try {
        const entry = await this.#entry();
        if (!entry) return { done: true, value: undefined };
        await this.#take(entry);
      } catch (error) {
        // The end of the iteration has cancelled what this call was waiting for.
        if (this.#isStopped) return { done: true, value: undefined };
        this.#abandon();
        throw error;
      }
    }
    return { done: false, value: this.#values.pop() as Result };
  }

  /** The next chunk, once it has been begun; `undefined`: there is none. */
  async #entry(): Promise<Entry | undefined> {
    const isThere = () => this.#head < this.#entries.length || !this.#hasInput;
    await this.#wait(isThere, (look) => {
      this.#arrived = look;
      return () => {
        this.#arrived = undefined;
      };
    });
    return this.#entries[this.#head];
  }

  async #take(entry: Entry): Promise<void> {
    if ('error' in entry) throw entry.error;
    const { future } = entry;
    await this.#wait(
      () => future.done(),
      (look) => future.listen(look),
    );
    const value = await future.result();
    if (this.#isStopped) return;
    this.#values = this.#settings.chunksize === 1 ? [value] : (value as unknown[]).reverse();
    this.#entries[this.#head++] = undefined;
    // Endless input never leaves the list empty. From half of it on, as much is cut off as is moved.
    if (this.#head * 2 >= this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    this.#fill();
  }

  async #wait(isOver: () => boolean, listen: (look: () => void) => () => void): Promise<void> {
    const { timeout, signal } = this.#settings;
    signal?.throwIfAborted();
    if (await waitUntil(isOver, listen, { signal, timeout: this.#deadline.left() })) return;
    throw new TimeoutError(`not all results of the map have come within ${timeout} ms`);
  }

  get #hasRoom(): boolean {
    return this.#hasInput && this.#entries.length - this.#head < this.#settings.buffersize;
  }

  /** Takes input and begins chunks, as far as there is room for them. */
  #fill(): void {
    if (this.#input.isAsync) {
      if (!this.#isFilling) void this.#fillLater();
      return;
    }
    while (this.#hasRoom) {
      const rows: unknown[][] = [];
      try {
        while (this.#hasInput && rows.length < this.#settings.chunksize) {
          this.#accept(rows, this.#input.next());
        }
        this.#add(rows);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** The same for input that has to be awaited. */
  async #fillLater(): Promise<void> {
    this.#isFilling = true;
    while (this.#hasRoom) {
      const rows: unknown[][] = [];
      try {
        while (this.#hasInput && rows.length < this.#settings.chunksize) {
          this.#accept(rows, await this.#input.nextLater());
        }
        this.#add(rows);
      } catch (error) {
        this.#fail(error);
      }
      this.#arrived?.();
    }
    this.#isFilling = false;
  }

  #accept(rows: unknown[][], row: unknown[] | undefined): void {
    if (row) rows.push(row);
    else this.#hasInput = false;
  }

  #add(rows: unknown[][]): void {
    if (rows.length > 0 && !this.#isStopped) this.#entries.push({ future: this.#begin(rows) });
  }

  /** The error has its place after the results of what was begun before. */
  #fail(error: unknown): void {
    if (!this.#hasInput) return;
    this.#hasInput = false;
    this.#entries.push({ error });
  }

  /** Ends the iteration because of an error, beside which one of leaving the input does not count. */
  #abandon(): void {
    this.#stop();
    this.#input.close().catch(() => {});
  }

  #stop(): void {
    this.#isStopped = true;
    this.#hasInput = false;
    this.#values = [];
    const entries = this.#entries;
    this.#entries = [];
    this.#head = 0;
    for (const entry of entries) if (entry && 'future' in entry) entry.future.cancel();
    this.#arrived?.();
  }
}
