/**
 * The queues of Python's `multiprocessing`, shared by threads and processes, and those that Python
 * has for threads alone.
 *
 * @packageDocumentation
 */
export { BaseQueue, type ShutdownOptions } from './base-queue.js';
export {
  BatchDecodeError,
  QueueClosedError,
  QueueEmptyError,
  QueueFullError,
  QueueNotClosedError,
  QueueShutDownError,
  TaskDoneTooOftenError,
} from './errors.js';
export { JoinableQueue } from './joinable-queue.js';
export { LifoQueue } from './lifo-queue.js';
export { type PriorityOptions, PriorityQueue } from './priority-queue.js';
export { Queue } from './queue.js';
export type { GetOptions, ViewOptions } from './receive.js';
export { SimpleQueue } from './simple-queue.js';
export type { QueueOptions } from './spec.js';
