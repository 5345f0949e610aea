/**
 * `Pipe`, `Connection` and `wait` from Python's `multiprocessing`: messages between two ends that
 * any threads and processes may hold.
 *
 * @packageDocumentation
 */
export { Connection } from './connection.js';
export {
  BrokenPipeError,
  BufferTooShortError,
  ConnectionClosedError,
  ConnectionDirectionError,
  EOFError,
  MessageTooLongError,
} from './errors.js';
export type {
  Bytes,
  PipeOptions,
  RecvBytesIntoOptions,
  RecvBytesOptions,
  RecvOptions,
  RecvViewOptions,
  SendBytesOptions,
} from './options.js';
export { Pipe } from './pipe.js';
export type { SentinelLike, SocketLike, Waitable } from './sources.js';
export type { ReadableOptions, WritableOptions } from './streams.js';
export { wait, waitSync } from './wait.js';
