import { inspect } from 'node:util';
import { checkOptions, memoryKind } from '@multiproc/core';
import { StartMethodError } from './errors.js';
import { ownSelf, shareSelf } from './own-self.js';
import type { StartMethod } from './self.js';

const SPAWN_NEEDS_MEMORY =
  "the start method 'spawn' cannot be had here, because the family has memory that only threads " +
  'share: it needs Linux and the optional dependency koffi, and no configure() or ' +
  'MULTIPROC_MEMORY that asks for thread memory';

/**
 * Checks a start method that came from outside, except whether it can be had here.
 *
 * @throws StartMethodError when there is no such method
 */
export function checkStartMethod(method: unknown): asserts method is StartMethod {
  if (method === 'spawn' || method === 'thread') return;
  throw new StartMethodError(
    `there is no start method ${inspect(method)}: 'spawn' starts an OS process, 'thread' a worker thread`,
  );
}

function checkAvailable(method: StartMethod): void {
  if (method === 'spawn' && memoryKind() !== 'process')
    throw new StartMethodError(SPAWN_NEEDS_MEMORY);
}

/**
 * The method for a start that is going to happen now; fixes the default if it comes to that.
 *
 * @throws StartMethodError when it cannot be had here
 */
export function chooseStartMethod(asked: StartMethod | undefined): StartMethod {
  if (asked === undefined) return getStartMethod();
  checkAvailable(asked);
  return asked;
}

/**
 * The start methods that can be used here, the default first: `spawn` starts an OS process, which
 * needs memory that processes share (Linux, with the optional dependency koffi), and `thread` a
 * worker thread with the same API.
 *
 * Python counterpart: `multiprocessing.get_all_start_methods`; Python's `fork` and `forkserver` do
 * not exist here, and its threads are in `multiprocessing.dummy`.
 *
 * @returns `['spawn', 'thread']` or `['thread']`
 *
 * @example
 * ```ts
 * import { getAllStartMethods } from '@multiproc/process';
 *
 * console.log(getAllStartMethods().includes('thread')); // → true
 * ```
 */
export function getAllStartMethods(): StartMethod[] {
  return memoryKind() === 'process' ? ['spawn', 'thread'] : ['thread'];
}

/** Options of {@link getStartMethod}. */
export interface GetStartMethodOptions {
  /** Return `null` instead of fixing the default, when nobody has chosen yet. */
  allowNone?: boolean | undefined;
}

/**
 * The start method of processes that do not name one. Asking fixes it, and so does the first
 * start: `setStartMethod` throws afterwards. Children have the default of their parent.
 *
 * Python counterpart: `multiprocessing.get_start_method`.
 *
 * @param options - `allowNone`: do not fix it
 * @returns the method; `null` with `allowNone` when none has been chosen
 *
 * @example
 * ```ts
 * import { getStartMethod } from '@multiproc/process';
 *
 * console.log(getStartMethod({ allowNone: true })); // → null
 * ```
 */
export function getStartMethod(options: { allowNone: true }): StartMethod | null;
export function getStartMethod(options?: GetStartMethodOptions): StartMethod;
export function getStartMethod(options: GetStartMethodOptions = {}): StartMethod | null {
  checkOptions(options);
  const self = ownSelf();
  if (self.startMethod === undefined) {
    if (options.allowNone) return null;
    self.startMethod = getAllStartMethods()[0] as StartMethod;
    shareSelf(self);
  }
  return self.startMethod;
}

/** Options of {@link setStartMethod}. */
export interface SetStartMethodOptions {
  /** Replace a choice that has been made already. */
  force?: boolean | undefined;
}

/**
 * Chooses the start method of processes that do not name one. To be called at most once, in the
 * main process, before the first process is started.
 *
 * Python counterpart: `multiprocessing.set_start_method`.
 *
 * @param method - `spawn` or `thread`; `null` with `force` takes a choice back
 * @param options - `force`: replace a choice that has been made
 * @throws {@link StartMethodError} (`ERR_START_METHOD`) when there is no such method, it cannot be
 * had here, or the default has been fixed already
 *
 * @example
 * ```ts
 * import { getStartMethod, setStartMethod } from '@multiproc/process';
 *
 * setStartMethod('thread');
 * console.log(getStartMethod()); // → thread
 * ```
 */
export function setStartMethod(
  method: StartMethod | null,
  options: SetStartMethodOptions = {},
): void {
  checkOptions(options);
  const self = ownSelf();
  const isReset = method === null && options.force === true;
  if (!isReset) {
    checkStartMethod(method);
    checkAvailable(method);
  }
  if (self.startMethod !== undefined && !options.force) {
    throw new StartMethodError(
      `the start method is ${self.startMethod} already, chosen by setStartMethod() or fixed by the ` +
        'first start: choose before, pass { force: true }, or use getContext()',
    );
  }
  self.startMethod = method ?? undefined;
  shareSelf(self);
}
