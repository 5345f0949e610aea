import { ArgumentTypeError } from '@multiproc/core';

type Source = Iterator<unknown> | AsyncIterator<unknown>;

/** Several iterables side by side, up to the end of the shortest. */
export class InputRows {
  /** Whether any of them has to be awaited. */
  readonly isAsync: boolean;
  /** Empty after the end, and after an error. */
  #sources: Source[];

  /**
   * @param inputs - what the caller passed
   * @throws ArgumentTypeError
   */
  constructor(inputs: readonly unknown[]) {
    for (const [i, input] of inputs.entries()) {
      if (!isIterable(input)) throw new ArgumentTypeError(`inputs[${i}]`, 'an iterable', input);
    }
    this.isAsync = inputs.some((input) => !(Symbol.iterator in Object(input)));
    this.#sources = inputs.map((input) => {
      const object = Object(input);
      return Symbol.iterator in object ? object[Symbol.iterator]() : object[Symbol.asyncIterator]();
    });
  }

  /** The next row, `undefined` after the last. Not for inputs that have to be awaited. */
  next(): unknown[] | undefined {
    const row: unknown[] = [];
    for (const source of this.#sources) {
      const { done, value } = this.#guarded(source, () => source.next() as IteratorResult<unknown>);
      if (done) {
        for (const other of this.#leave(source)) (other as Iterator<unknown>).return?.();
        return undefined;
      }
      row.push(value);
    }
    return row.length > 0 ? row : undefined;
  }

  /** The same, awaited. */
  async nextLater(): Promise<unknown[] | undefined> {
    const row: unknown[] = [];
    for (const source of this.#sources) {
      const next = this.#guarded(source, () => source.next());
      const { done, value } = await Promise.resolve(next).catch((error) => {
        this.#forget(source);
        throw error;
      });
      if (done) {
        for (const other of this.#leave(source)) await other.return?.();
        return undefined;
      }
      row.push(value);
    }
    return row.length > 0 ? row : undefined;
  }

  /** Tells the inputs that nothing more will be taken. */
  async close(): Promise<void> {
    for (const source of this.#leave()) await source.return?.();
  }

  /** Takes no more, and gives the inputs that are to be told so: all but one that has ended. */
  #leave(ended?: Source): Source[] {
    const open = this.#sources.filter((source) => source !== ended);
    this.#sources = [];
    return open;
  }

  #guarded<Result>(source: Source, call: () => Result): Result {
    try {
      return call();
    } catch (error) {
      this.#forget(source);
      throw error;
    }
  }

  #forget(source: Source): void {
    this.#sources = this.#sources.filter((other) => other !== source);
  }
}

/** Whether something can be iterated over, at once or awaited. */
export function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}
