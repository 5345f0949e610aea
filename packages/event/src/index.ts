/**
 * `Event` from Python's `multiprocessing`, shared by threads and processes.
 *
 * @packageDocumentation
 */
export { Event } from './event.js';
