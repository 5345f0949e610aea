import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  type WaitOptions,
} from '@multiproc/core';

/** Binary data: a typed array, a DataView, a Buffer, or a whole buffer, shared ones too. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/** Options of {@link Pipe}. */
export interface PipeOptions {
  /** Whether both ends send and receive. Default: `true`. */
  duplex?: boolean | undefined;
}

/** Options of `sendBytes`. */
export interface SendBytesOptions extends WaitOptions {
  /** First byte to send. Default: 0. */
  offset?: number | undefined;
  /** How many bytes to send. Default: all from `offset`. */
  size?: number | undefined;
}

/** Options of `recv`. */
export interface RecvOptions extends WaitOptions {
  /** Left out or `false`: the value shares no memory with anybody. */
  view?: false | undefined;
}

/** Options of `recv` for a view on shared memory. */
export interface RecvViewOptions extends WaitOptions {
  /** Gives a `MessageView`, whose large binary data are not copied. */
  view: true;
}

/** Options of `recvBytes`. */
export interface RecvBytesOptions extends WaitOptions {
  /** Longest message to take, in bytes. Default: any length. */
  maxLength?: number | undefined;
}

/** Options of `recvBytesInto`. */
export interface RecvBytesIntoOptions extends WaitOptions {
  /** Where in the target to begin, in bytes. Default: 0. */
  offset?: number | undefined;
}

/** No options: the common case, and told from given ones by identity. */
export const NO_OPTIONS = {};

/**
 * The bytes of a view or buffer.
 *
 * @throws ArgumentTypeError when it is neither
 */
export function bytesOf(value: unknown, argument: string): Uint8Array {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return new Uint8Array(value);
  }
  throw new ArgumentTypeError(argument, 'a typed array, DataView or ArrayBuffer', value);
}

/**
 * The part of binary data that `offset` and `size` name.
 *
 * @throws ArgumentTypeError, ArgumentRangeError when they name none
 */
export function partOf(value: unknown, argument: string, options: SendBytesOptions): Uint8Array {
  checkOptions(options);
  const bytes = bytesOf(value, argument);
  const { offset, size } = options;
  if (offset === undefined && size === undefined) return bytes;
  const start = checkCount(offset ?? 0, 'options.offset', bytes.length);
  const length = checkCount(size ?? bytes.length - start, 'options.size', bytes.length - start);
  return bytes.subarray(start, start + length);
}

/**
 * Checks a number of bytes.
 *
 * @throws ArgumentTypeError, ArgumentRangeError when it is no integer from 0 to `most`
 */
export function checkCount(value: unknown, argument: string, most: number): number {
  const expected = `an integer from 0 to ${most}`;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new ArgumentRangeError(argument, expected, value);
  }
  return value;
}

/**
 * The part of a target that a message may fill.
 *
 * @throws ArgumentTypeError, ArgumentRangeError when there is no such part
 */
export function targetOf(value: unknown, options: RecvBytesIntoOptions): Uint8Array {
  checkOptions(options);
  const bytes = bytesOf(value, 'target');
  const { offset } = options;
  if (offset === undefined) return bytes;
  return bytes.subarray(checkCount(offset, 'options.offset', bytes.length));
}

/**
 * The longest message that is wanted.
 *
 * @throws ArgumentTypeError, ArgumentRangeError when `maxLength` is no number of bytes
 */
export function maxLengthOf(options: RecvBytesOptions): number {
  checkOptions(options);
  const { maxLength } = options;
  if (maxLength === undefined || maxLength === Number.POSITIVE_INFINITY) {
    return Number.POSITIVE_INFINITY;
  }
  return checkCount(maxLength, 'options.maxLength', Number.MAX_SAFE_INTEGER);
}

/**
 * Whether a view is wanted.
 *
 * @throws ArgumentTypeError when `view` is no boolean
 */
export function wantsView(options: RecvOptions | RecvViewOptions): boolean {
  checkOptions(options);
  const { view = false } = options;
  if (typeof view === 'boolean') return view;
  throw new ArgumentTypeError('options.view', 'a boolean', view);
}

/** The options of `poll`, which does not wait when `timeout` is left out. */
export function timeoutOrNone(options: WaitOptions): WaitOptions {
  checkOptions(options);
  return options.timeout === undefined ? { ...options, timeout: 0 } : options;
}
