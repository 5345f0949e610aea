import type { ResourceLimits } from 'node:worker_threads';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  type Exportable,
  type FunctionReference,
  parseReference,
} from '@multiproc/core';
import type { ProcessOptions } from './process.js';
import type { Task } from './process-state.js';
import { checkStartMethod } from './start-methods.js';

/**
 * Checks what the constructor of `Process` was given, before anything is made of it.
 *
 * @throws ArgumentTypeError, ArgumentRangeError naming the option; StartMethodError
 */
export function checkProcessOptions(options: ProcessOptions): void {
  checkOptions(options);
  if (options.name !== undefined) checkName(options.name, 'options.name');
  const { daemon, env, execArgv, kwargs, resourceLimits, startMethod } = options;
  if (daemon !== undefined && daemon !== null) checkDaemon(daemon, 'options.daemon');
  if (kwargs !== undefined) checkOptions(kwargs, 'options.kwargs');
  if (env !== undefined) checkOptions(env, 'options.env');
  if (resourceLimits !== undefined) checkLimits(resourceLimits);
  const isList = Array.isArray(execArgv) && execArgv.every((option) => typeof option === 'string');
  if (execArgv !== undefined && !isList) {
    throw new ArgumentTypeError('options.execArgv', 'an array of strings', execArgv);
  }
  if (startMethod !== undefined) checkStartMethod(startMethod);
}

/** A limit that is no number would reach a process as `NaN`, and a thread not at all. */
function checkLimits(limits: ResourceLimits): void {
  checkOptions(limits, 'options.resourceLimits');
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === undefined) continue;
    const argument = `options.resourceLimits.${name}`;
    const expected = 'a number of megabytes above 0';
    if (typeof limit !== 'number') throw new ArgumentTypeError(argument, expected, limit);
    if (!(limit > 0 && limit < Number.POSITIVE_INFINITY)) {
      throw new ArgumentRangeError(argument, expected, limit);
    }
  }
}

/** What a process is to run. */
export function readTask({ target, args, kwargs }: ProcessOptions): Task {
  return {
    target: readTarget(target),
    args: readArgs(args ?? []),
    kwargs: kwargs && { ...kwargs },
  };
}

function readTarget(target: ProcessOptions['target']): Task['target'] {
  if (target === undefined || target === null) return undefined;
  if (typeof target === 'function') return target;
  const reference: FunctionReference | undefined = parseReference(target, 'options.target');
  if (reference) return reference;
  throw new ArgumentTypeError(
    'options.target',
    "a function, or { module: new URL('./work.js', import.meta.url), name: 'work' }",
    target satisfies Exportable | object,
  );
}

function readArgs(args: Iterable<unknown>): readonly unknown[] {
  // A string is iterable, and one that stands here was meant to be one argument.
  if (typeof args === 'object' && args !== null && Symbol.iterator in args) return [...args];
  throw new ArgumentTypeError('options.args', 'an array or another iterable', args);
}

/** @throws ArgumentTypeError when it is no name */
export function checkName(name: unknown, argument: string): asserts name is string {
  if (typeof name !== 'string') throw new ArgumentTypeError(argument, 'a string', name);
}

/** @throws ArgumentTypeError when it is no flag */
export function checkDaemon(daemon: unknown, argument: string): asserts daemon is boolean {
  if (typeof daemon !== 'boolean') throw new ArgumentTypeError(argument, 'a boolean', daemon);
}
