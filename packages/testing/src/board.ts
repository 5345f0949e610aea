import {
  type Attachment,
  type Attempt,
  attach,
  block,
  blockAsync,
  EventCount,
  type Handle,
  registerType,
  SharedObject,
} from '@multiproc/core';

const WORDS = 64;

/** How long a test waits for something that must come. */
const GUARD = 20_000;

/**
 * Numbers that the agents of a test share and can wait for, so that no test has to sleep "until
 * the other side is ready".
 */
export class Board extends SharedObject {
  static {
    registerType({ name: 'Board', shared: Board, module: import.meta.url });
  }

  readonly #events: EventCount;

  /** Makes a board of 64 zeros. */
  constructor();
  /** @internal */
  constructor(attachment: Attachment);
  constructor(attachment?: Attachment) {
    super({ type: 'Board', bytes: (WORDS + EventCount.WORDS) * 4 }, attachment);
    this.#events = new EventCount(this.family.memory, this.content + WORDS);
  }

  /** The board that a handle names. */
  static from(handle: Handle): Board {
    return attach(handle, 'Board') as Board;
  }

  /** Reads a number. */
  get(word: number): number {
    return Atomics.load(this.family.memory.words, this.content + word);
  }

  /** Reads and writes without `Atomics`: two agents that do so at once lose counts. */
  incrementUnsafely(word: number): void {
    const { words } = this.family.memory;
    words[this.content + word] = (words[this.content + word] as number) + 1;
  }

  /** Writes a number and wakes everybody who waits for one. */
  set(word: number, value: number): void {
    Atomics.store(this.family.memory.words, this.content + word, value);
    this.#events.wake(this.family.agent, true);
  }

  /** Adds to a number, returns the sum, and wakes everybody who waits for one. */
  add(word: number, value = 1): number {
    const sum = Atomics.add(this.family.memory.words, this.content + word, value) + value;
    this.#events.wake(this.family.agent, true);
    return sum;
  }

  /** Awaits until a number is at least `value`; fails the test when it never is. */
  async until(word: number, value: number, timeout = GUARD): Promise<void> {
    const { pending } = this.family.agent;
    const arrived = await blockAsync(pending, this.#events, this.#atLeast(word, value), {
      timeout,
    });
    if (!arrived) this.#fail(word, value, timeout);
  }

  /** Blocks until a number is at least `value`; fails the test when it never is. */
  untilSync(word: number, value: number, timeout = GUARD): void {
    const { agent } = this.family;
    if (!block(agent, this.#events, this.#atLeast(word, value), { timeout })) {
      this.#fail(word, value, timeout);
    }
  }

  protected override use(): undefined {
    return undefined;
  }

  #atLeast(word: number, value: number): Attempt<true> {
    return {
      take: () => (this.get(word) >= value ? true : undefined),
      more: () => true,
    };
  }

  #fail(word: number, value: number, timeout: number): never {
    throw new Error(`word ${word} is ${this.get(word)}, and not ${value} within ${timeout} ms`);
  }
}
