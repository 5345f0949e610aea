import {
  ArgumentRangeError,
  ArgumentTypeError,
  type Attachment,
  BRANCH_HEADER,
  type BranchShape,
  checkOptions,
  currentFamily,
  type NameOptions,
  type ObjectSpec,
  writeBranch,
} from '@multiproc/core';

/** Options of the constructors of queues. */
export interface QueueOptions extends NameOptions {
  /** How many items the queue may hold. 0 or less, or left out: as many as there is memory for. */
  maxsize?: number | undefined;
}

/**
 * The object that a queue is:
 *
 * | word of the content | what |
 * | --- | --- |
 * | 0, 1 | branch header: the owned words of the store |
 * | MAXSIZE | how many items it may hold, 0: any number; never changes |
 * | from STORE on | the words of the store, at the beginning of a cache line |
 */
const MAXSIZE = BRANCH_HEADER;
const STORE = 12;

/**
 * What a queue is made of.
 *
 * @param type - name of the type
 * @param words - how many words the store needs
 * @param owned - which of those are owned
 * @param maxsize - checked
 */
export function queueSpec(
  type: string,
  words: number,
  owned: BranchShape,
  maxsize: number,
): ObjectSpec {
  return {
    type,
    bytes: (STORE + words) * 4,
    branch: true,
    initialise: (content) => {
      const { memory } = currentFamily();
      memory.words[content + MAXSIZE] = maxsize;
      writeBranch(memory.words, content, { ...owned, first: STORE + owned.first });
    },
  };
}

/** Index of the first word of the store. */
export function storeOf(content: number): number {
  return content + STORE;
}

/** How many items an existing queue may hold. */
export function readMaxsize(words: Int32Array, content: number): number {
  const maxsize = words[content + MAXSIZE] as number;
  return maxsize === 0 ? Number.POSITIVE_INFINITY : maxsize;
}

/**
 * Reads `maxsize` as Python does: nothing below 1 is a bound.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function maxsizeOf(options: QueueOptions | Attachment): number {
  checkOptions(options);
  const { maxsize = 0 } = options as QueueOptions;
  const expected = 'a whole number of items';
  if (typeof maxsize !== 'number')
    throw new ArgumentTypeError('options.maxsize', expected, maxsize);
  if (maxsize <= 0 || maxsize >= 2 ** 31) return 0;
  if (Number.isInteger(maxsize)) return maxsize;
  throw new ArgumentRangeError('options.maxsize', expected, maxsize);
}
