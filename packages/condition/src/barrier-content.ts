import { currentFamily, encode, type ObjectSpec } from '@multiproc/core';
import { BarrierAction } from './barrier-action.js';
import type { BarrierOptions } from './barrier-options.js';
import { BarrierWords } from './barrier-words.js';

/**
 * Content of a barrier. Its data are the slots of `BarrierWords`, and then the encoded action.
 *
 * | word | value |
 * | --- | --- |
 * | TIMEOUT | two words: a double, in milliseconds; first, because doubles lie at multiples of eight bytes |
 * | STATE | see `BarrierWords` |
 * | ACTION_BYTES | length of the encoded action, 0: none |
 */
const TIMEOUT = 0;
/** Where the words of `BarrierWords` begin. */
export const STATE = TIMEOUT + 2;
const ACTION_BYTES = STATE + BarrierWords.WORDS;

const WORDS = ACTION_BYTES + 1;

/** Time-out of every call that is given none, as an array of one that can be written. */
function timeoutOf(words: Int32Array, content: number): Float64Array {
  return new Float64Array(words.buffer, (content + TIMEOUT) * 4, 1);
}

/** What a new barrier is made of; `options` are left out for one that exists. */
export function specOf(options: BarrierOptions | undefined): ObjectSpec {
  const { parties = 0, action, timeout = Number.POSITIVE_INFINITY } = options ?? {};
  const encoded = action && encode(action, { path: 'options.action' });
  const slots = parties * 4;
  return {
    type: 'Barrier',
    bytes: WORDS * 4,
    data: slots + (encoded?.byteLength ?? 0),
    initialise: (content, data) => {
      const { words, bytes } = currentFamily().memory;
      BarrierWords.initialise(words, content + STATE, parties);
      timeoutOf(words, content)[0] = timeout;
      words[content + ACTION_BYTES] = encoded?.byteLength ?? 0;
      encoded?.copyTo(bytes.subarray(data + slots, data + slots + encoded.byteLength));
    },
  };
}

/** What an agent reads once of a barrier that exists. */
export function readContent(content: number, data: number) {
  const { words, bytes } = currentFamily().memory;
  const length = words[content + ACTION_BYTES] as number;
  const slots = BarrierWords.partiesOf(words, content + STATE) * 4;
  const encoded = bytes.subarray(data + slots, data + slots + length);
  return {
    timeout: timeoutOf(words, content)[0] as number,
    action: length > 0 ? new BarrierAction(encoded) : undefined,
  };
}
