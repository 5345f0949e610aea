import {
  type Attachment,
  block,
  currentFamily,
  DeadlockError,
  decode,
  decodePlain,
  type Encoded,
  encode,
  freePayload,
  isMultiprocError,
  isPlainEncoding,
  type ObjectSpec,
  SharedObject,
  type WaitOptions,
  writeBranch,
} from '@multiproc/core';
import { deepFreeze } from './deep-freeze.js';
import { hasReferences, keyOffset, makeEntry, valueEnd, valueStart } from './entry.js';
import { type DictKey, Key, readKey } from './key.js';
import { BUSY, MINE } from './key-owner.js';
import { CONTENT_BYTES, DICT, FLAG, STRIPES } from './layout.js';
import { Store } from './store.js';

/** Longer values are copied before they are decoded, so that no reader holds up the writers. */
const IN_PLACE = 4096;

/** How long readers are given before memory is collected for them, in milliseconds. */
const FIRST_DELAY = 2;
const LAST_DELAY = 1000;

const FOREVER: WaitOptions = {};

/** First byte of an encoding that is not one primitive. */
const FIRST_HEADER = 0xf0;

/** What a new dictionary is made of. */
export function dictSpec(freeze: boolean, onMade: () => void): ObjectSpec {
  return {
    type: 'ManagerDict',
    bytes: CONTENT_BYTES,
    branch: true,
    initialise: (content) => {
      const { words } = currentFamily().memory;
      words[content + DICT.FLAGS] = freeze ? 0 : FLAG.UNFROZEN;
      words[content + DICT.SEED] = Math.floor(Math.random() * 2 ** 32) | 0;
      writeBranch(words, content, { count: 1 + STRIPES, first: DICT.ROOT });
      onMade();
    },
  };
}

/** What all parts of a dictionary are built on: reading an entry, making one, waiting for a key. */
export abstract class DictBase<K extends DictKey, V> extends SharedObject {
  /** @internal */
  protected readonly store: Store;
  /** @internal Hashes are mixed with it. */
  protected readonly seed: number;
  /** @internal How many keys this agent computes. */
  protected held = 0;
  readonly #isFrozen: boolean;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  #collecting: NodeJS.Timeout | undefined;
  /** The key of a call during which no other code runs. */
  readonly #probe = new Key();

  /** @internal */
  protected constructor(spec: ObjectSpec, source: Attachment | SharedObject | undefined) {
    super(spec, source);
    const { arena, epochs, agent, memory } = this.family;
    this.#words = memory.words;
    this.#bytes = memory.bytes;
    this.seed = memory.words[this.content + DICT.SEED] as number;
    const flags = memory.words[this.content + DICT.FLAGS] as number;
    this.#isFrozen = (flags & FLAG.UNFROZEN) === 0;
    this.store = new Store(arena, epochs, agent, this.content, () => this.#collectSoon());
  }

  protected override use(): string | undefined {
    if (this.held > 0) return 'this agent computes one of its values';
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      if (this.family.agent.pending.has(this.store.locks.changes(stripe))) {
        return 'a call of this agent is waiting for one of its keys';
      }
    }
    return undefined;
  }

  /** Gives up this agent's reference. The dictionary is freed when nobody else has one. */
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    clearTimeout(this.#collecting);
  }

  /** @internal The key, until the next call of anything. */
  protected probe(key: unknown): Key {
    return this.#probe.set(key, this.seed);
  }

  /** @internal The value of an entry. The caller has pinned; this unpins. */
  protected read(entry: number): V {
    const bytes = this.#bytes;
    let value: unknown;
    let copy: Uint8Array | undefined;
    try {
      const start = valueStart(this.#words, entry);
      const end = valueEnd(this.#words, entry);
      if (isPlainEncoding(bytes[start] as number) && end - start <= IN_PLACE) {
        value = decodePlain(bytes, start, end);
      } else if (hasReferences(this.#words, entry)) {
        // The entry keeps what it refers to alive until this agent does.
        value = decode(bytes.subarray(start, end));
      } else copy = bytes.slice(start, end);
    } finally {
      this.family.epochs.unpin();
    }
    // Classes run code of the user's here, which must not hold up the writers.
    if (copy !== undefined) value = decode(copy);
    return (this.#isFrozen && typeof value === 'object' ? deepFreeze(value) : value) as V;
  }

  /** @internal The value of an entry that this agent keeps from being freed, unless it is an object. */
  protected readPrimitive(entry: number): { value: unknown } | undefined {
    const start = valueStart(this.#words, entry);
    // The first byte of everything that is not one primitive is a header.
    if ((this.#bytes[start] as number) >= FIRST_HEADER) return undefined;
    return { value: decodePlain(this.#bytes, start, valueEnd(this.#words, entry)) };
  }

  /** @internal The key of an entry. The caller has pinned. */
  protected keyOf(entry: number): K {
    return readKey(this.#words, this.#bytes, keyOffset(this.#words, entry)) as K;
  }

  /** @internal Writes a value that was encoded just now; the dictionary takes the entry over, or `drop`. */
  protected makeEntry(key: Key, encoded: Encoded): number {
    try {
      return makeEntry(this.family.arena, key, encoded);
    } catch (error) {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      this.store.all.collect();
      return makeEntry(this.family.arena, key, encoded);
    }
  }

  /** @internal Encodes a value and writes it into an entry. */
  protected entryOf(key: Key, value: unknown): number {
    return this.makeEntry(key, encode(value));
  }

  /** @internal Frees an entry that was not stored. */
  protected drop(entry: number): void {
    freePayload(this.family.arena, entry);
  }

  /** @internal Does something that needs memory; if need be again, without what was taken out. */
  protected withRoom<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (!isMultiprocError(error, 'ERR_ARENA_FULL')) throw error;
      this.store.all.collect();
      return action();
    }
  }

  /**
   * @internal Changes a key, as soon as nobody else computes its value. Blocks the thread.
   *
   * @param change - gives BUSY or MINE, or what this gives
   */
  protected changing(key: Key, change: (thorough: boolean) => number): number {
    const result = this.withRoom(() => change(false));
    if (result >= 0) return result;
    if (result === MINE) throw this.deadlock();
    const take = (thorough: boolean) => {
      const late = change(thorough);
      if (late === MINE) throw this.deadlock();
      return late === BUSY ? undefined : late;
    };
    return this.waiting(this.store.stripeOf(key), take, FOREVER) as number;
  }

  /** @internal Changes a key and stays pinned when that went as hoped, for the caller to read an entry. */
  protected pinned(change: () => number, keeps: (result: number) => boolean): number {
    const { epochs } = this.family;
    epochs.pin();
    let result = BUSY;
    try {
      result = change();
      return result;
    } finally {
      // Nobody waits while pinned.
      if (!keeps(result)) epochs.unpin();
    }
  }

  /** @internal Blocks until something in a stripe lets an action succeed. */
  protected waiting<Result>(
    stripe: number,
    take: (thorough: boolean) => Result | undefined,
    options: WaitOptions,
  ): Result | undefined {
    const events = this.store.locks.changes(stripe);
    const attempt = { take, isBroadcast: true };
    return block(this.family.agent, events, attempt, options);
  }

  /**
   * Frees what readers hold up as soon as they have gone, though no further change may come. The
   * timer refers to this object, so the dictionary is there when it fires.
   */
  #collectSoon(delay = FIRST_DELAY): void {
    if (this.#collecting !== undefined) return;
    this.#collecting = setTimeout(() => {
      this.#collecting = undefined;
      this.store.all.collect();
      if (this.store.isBehind) this.#collectSoon(Math.min(2 * delay, LAST_DELAY));
    }, delay);
    this.#collecting.unref();
  }

  /** @internal */
  protected deadlock(): DeadlockError {
    return new DeadlockError(
      'this thread computes the value of the key right now, so a call that blocks it could never ' +
        'change the key: return the new value from the function, or use `await dict.compute()`',
    );
  }
}
