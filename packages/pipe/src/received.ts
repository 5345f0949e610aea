import { type Family, MessageView, type Taken, viewTaken } from '@multiproc/core';
import { BufferTooShortError } from './errors.js';
import type { Mailbox } from './mailbox.js';
import { prefixOf } from './message.js';

/** Up to here a loop copies faster than `set` with its temporary view. */
const LOOP_COPY = 24;

/** The value of a message, which is freed; plain bytes give a Buffer. */
export function valueIn(taken: Taken): unknown {
  return prefixOf(taken.bytes) === 0 ? taken.receive() : bytesIn(taken, Number.POSITIVE_INFINITY);
}

/** The value of a message, whose large binary data stay in shared memory while the view lasts. */
export function viewIn(family: Family, mailbox: Mailbox, taken: Taken): MessageView {
  if (prefixOf(taken.bytes) !== 0) return new MessageView(valueIn(taken), [], undefined);
  return viewTaken(family, taken, () => {
    // Its end wakes who waits for room, perhaps long after the connection was closed.
    mailbox.enter();
    return () => mailbox.leave();
  });
}

/**
 * The bytes of a message, which is freed.
 *
 * @returns a copy, or the length when that is more than `most`
 */
export function bytesIn(taken: Taken, most: number): Buffer | number {
  try {
    const prefix = prefixOf(taken.bytes);
    const length = taken.bytes.length - prefix;
    if (length > most) return length;
    const copy = Buffer.allocUnsafe(length);
    copyInto(copy, taken.bytes, prefix);
    return copy;
  } finally {
    taken.free();
  }
}

/**
 * Copies the bytes of a message, which is freed, into a target.
 *
 * @returns how many there are
 * @throws BufferTooShortError with all of them, when they do not fit
 */
export function bytesInto(taken: Taken, target: Uint8Array): number {
  const prefix = prefixOf(taken.bytes);
  const length = taken.bytes.length - prefix;
  if (length <= target.length) {
    copyInto(target, taken.bytes, prefix);
    taken.free();
    return length;
  }
  throw new BufferTooShortError(
    `a message of ${length} bytes came, and there is room for ${target.length}: it is in the ` +
      'property `bytes` of this error',
    bytesIn(taken, length) as Buffer,
  );
}

function copyInto(target: Uint8Array, message: Uint8Array, prefix: number): void {
  const { length } = message;
  if (length - prefix > LOOP_COPY) target.set(message.subarray(prefix));
  else for (let i = prefix; i < length; i++) target[i - prefix] = message[i] as number;
}
