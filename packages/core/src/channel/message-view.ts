import { isMultiprocError } from '../errors.js';
import type { Family } from '../family/family.js';
import { detach } from '../memory/detach.js';
import { OWNED } from '../objects/owned.js';
import type { Taken } from './taken.js';

/** Shorter binary data are copied: that is faster than making a buffer of their own. */
const WORTH_LENDING = 65_536;

/** Part of the arena that the undisposed views of one agent may keep: beyond it they are copies. */
const SHARE = 0.25;

/** A message that this agent's views are on. Must not refer to them. */
interface Lent {
  readonly family: Family;
  readonly owned: number;
  readonly entry: number;
  readonly bytes: number;
  readonly taken: Taken;
  /** Lets go of the container that the message came from, whose waiters the end of the view wakes. */
  readonly letGo: () => void;
  /** How many of its buffers have not been collected. */
  buffers: number;
}

/** Bytes of all messages that are lent. */
let lentBytes = 0;

/** Whoever keeps a typed array and forgets the view: when the last buffer is collected, it ends. */
const finalizers = new FinalizationRegistry<Lent>((lent) => {
  lent.buffers--;
  if (lent.buffers === 0) end(lent);
});

function end(lent: Lent): void {
  lentBytes -= lent.bytes;
  lent.family.references.drop(lent.entry, lent.owned);
  lent.taken.announce();
  lent.letGo();
}

/**
 * A received value whose large binary data (64 KiB and more) lie in shared memory, without a
 * second copy. Dispose of it when the data are no longer needed: they keep memory that senders may
 * be waiting for. Afterwards its typed arrays have no elements.
 *
 * It is a copy like any other received value, and disposing does nothing, when there are no such
 * data, in thread memory (whose buffers cannot begin in the middle), and while undisposed views of
 * this agent keep a quarter of the family's memory: so forgotten views cost speed and never hang
 * anybody.
 *
 * Python counterpart: none.
 *
 * @typeParam Value - what was sent
 */
export class MessageView<Value = unknown> {
  /** The value. Typed arrays on shared memory have an ArrayBuffer of their own. */
  readonly value: Value;
  /** Whether binary data of the value lie in shared memory. */
  readonly isShared: boolean;
  readonly #buffers: readonly ArrayBuffer[];
  readonly #lent: Lent | undefined;
  #isDisposed = false;

  /** @internal */
  constructor(value: Value, buffers: readonly ArrayBuffer[], lent: Lent | undefined) {
    this.value = value;
    this.isShared = lent !== undefined;
    this.#buffers = buffers;
    this.#lent = lent;
  }

  /** Gives the memory back. May be called again. */
  release(): void {
    if (this.#isDisposed || this.#lent === undefined) return;
    this.#isDisposed = true;
    finalizers.unregister(this.#lent);
    // First of all: nobody may see what the next message writes there.
    for (const buffer of this.#buffers) detach(buffer);
    end(this.#lent);
  }

  /** As `release`, for `using`. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Decodes a taken value and frees it, but for large binary data, which are lent.
 *
 * @param family - of the agent that took it
 * @param taken - not freed yet
 * @param keep - keeps the container alive that the value came from, until what it returns is called
 * @throws DecodeError with a copy of the bytes; the value is freed then
 */
export function viewTaken<Value>(
  family: Family,
  taken: Taken,
  keep: () => () => void,
): MessageView<Value> {
  const { memory, references } = family;
  const { bytes, payload } = taken;
  if (!mayLend(family, taken)) return new MessageView(taken.receive() as Value, [], undefined);
  const buffers: ArrayBuffer[] = [];
  const lend = (start: number, length: number): ArrayBuffer | undefined => {
    if (length < WORTH_LENDING) return undefined;
    const { buffer } = memory.region(bytes.byteOffset + start, length);
    buffers.push(buffer as ArrayBuffer);
    return buffer as ArrayBuffer;
  };
  try {
    const value = taken.decode({ lend }) as Value;
    if (buffers.length === 0) {
      taken.free();
      return new MessageView(value, [], undefined);
    }
    // Listed, so that the memory is given back when this agent ends without doing so.
    const owned = payload | OWNED.PAYLOAD;
    const [entry, letGo] = [references.add(owned), keep()];
    const [length, count] = [bytes.length, buffers.length];
    const lent = { family, owned, entry, bytes: length, taken, letGo, buffers: count };
    lentBytes += lent.bytes;
    for (const buffer of buffers) finalizers.register(buffer, lent, lent);
    return new MessageView(value, buffers, lent);
  } catch (error) {
    for (const buffer of buffers) detach(buffer);
    taken.free();
    throw error;
  }
}

function mayLend({ memory, arena, references }: Family, { bytes, payload }: Taken): boolean {
  if (payload === 0 || bytes.length < WORTH_LENDING || memory.kind !== 'process') return false;
  if (lentBytes + bytes.length > arena.capacity * SHARE) return false;
  try {
    // For the message and for what it came from.
    references.reserve(2);
    return true;
  } catch (error) {
    if (isMultiprocError(error, 'ERR_ARENA_FULL')) return false;
    throw error;
  }
}
