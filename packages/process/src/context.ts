import { activeChildren } from './active-children.js';
import { cpuCount } from './cpu-count.js';
import { currentProcess } from './current-process.js';
import { StartMethodError } from './errors.js';
import { isMainProcess } from './own-self.js';
import { parentProcess } from './parent-process.js';
import { Process, type ProcessOptions } from './process.js';
import type { StartMethod } from './self.js';
import { checkStartMethod, getAllStartMethods, getStartMethod } from './start-methods.js';

/**
 * The functions of this package, bound to one start method. Made by {@link getContext}.
 *
 * Python counterpart: the context classes of `multiprocessing`.
 *
 * @example
 * ```ts
 * import { getContext } from '@multiproc/process';
 *
 * const context = getContext('thread');
 * const process = new context.Process();
 * process.start();
 * await process.join();
 * console.log(process.exitCode); // → 0
 * ```
 */
export class Context {
  /** `Process` with this start method, unless the options name another. */
  readonly Process: typeof Process;
  /** See {@link activeChildren}. */
  readonly activeChildren = activeChildren;
  /** See {@link cpuCount}. */
  readonly cpuCount = cpuCount;
  /** See {@link currentProcess}. */
  readonly currentProcess = currentProcess;
  /** See {@link getAllStartMethods}. */
  readonly getAllStartMethods = getAllStartMethods;
  /** See {@link isMainProcess}. */
  readonly isMainProcess = isMainProcess;
  /** See {@link parentProcess}. */
  readonly parentProcess = parentProcess;
  readonly #method: StartMethod;

  /**
   * @param method - the start method
   * @throws StartMethodError when there is no such method here
   */
  constructor(method: StartMethod) {
    checkStartMethod(method);
    if (!getAllStartMethods().includes(method)) {
      throw new StartMethodError(
        `the start method ${method} cannot be had here, only ${getAllStartMethods().join(', ')}`,
      );
    }
    this.#method = method;
    this.Process = bound(method);
  }

  /** The start method of this context. */
  getStartMethod(): StartMethod {
    return this.#method;
  }

  /**
   * Always refused: a context has one start method.
   *
   * @throws {@link StartMethodError} (`ERR_START_METHOD`)
   */
  setStartMethod(method: StartMethod): never {
    throw new StartMethodError(
      `this context starts processes by '${this.#method}', and that cannot be set to '${method}': ` +
        'call getContext() for another one',
    );
  }

  /**
   * This context, or that of another start method.
   *
   * @throws StartMethodError when there is no such method here
   */
  getContext(method: StartMethod = this.#method): Context {
    return getContext(method);
  }
}

/** A class without a name of its own gets that of the property, which is in default process names. */
function bound(startMethod: StartMethod): typeof Process {
  const named = {
    Process: class extends Process {
      constructor(options: ProcessOptions = {}) {
        super({ startMethod, ...options });
      }
    },
  };
  return named.Process;
}

const contexts = new Map<StartMethod, Context>();

/**
 * The functions of this package, bound to one start method, so that a library can choose one
 * without setting it for the whole program.
 *
 * Python counterpart: `multiprocessing.get_context`.
 *
 * @param method - `spawn` or `thread`; left out: the default, which is thereby fixed
 * @returns the same context each time
 * @throws StartMethodError (`ERR_START_METHOD`) when there is no such method here
 *
 * @example
 * ```ts
 * import { getContext } from '@multiproc/process';
 *
 * console.log(getContext('thread').getStartMethod()); // → thread
 * ```
 */
export function getContext(method: StartMethod = getStartMethod()): Context {
  let context = contexts.get(method);
  if (!context) {
    context = new Context(method);
    contexts.set(method, context);
  }
  return context;
}
