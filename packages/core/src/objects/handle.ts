import { ArgumentTypeError } from '../arguments.js';

/**
 * Names a shared object: plain data that fits into JSON, `postMessage` and child-process IPC. A
 * handle is weak: it does not keep the object alive.
 */
export interface Handle {
  /** Random name of the family that owns the object. */
  readonly family: string;
  /** Type of the object, for example `Lock`. */
  readonly type: string;
  /** Where the object lies in the family's arena, in bytes. */
  readonly offset: number;
  /** Tells the object from any other that ever lay there. */
  readonly serial: number;
}

/** Checks the form of a handle that came from outside. */
export function checkHandle(value: unknown): asserts value is Handle {
  const handle = value as Partial<Handle> | null | undefined;
  const isHandle =
    typeof handle === 'object' &&
    handle !== null &&
    typeof handle.family === 'string' &&
    typeof handle.type === 'string' &&
    Number.isInteger(handle.offset) &&
    Number.isInteger(handle.serial);
  if (!isHandle) {
    throw new ArgumentTypeError('handle', 'the `handle` of a shared object', value);
  }
}
