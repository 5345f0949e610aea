import { ArgumentRangeError, ArgumentTypeError } from '../arguments.js';

/** A function or a class: what can be named by module and export. */
export type Exportable =
  | ((...args: never[]) => unknown)
  | (abstract new (
      ...args: never[]
    ) => unknown);

/** Where another agent finds a function: the module to import, and the export to take from it. */
export interface FunctionReference {
  /** Absolute URL of the module: `file:`, `data:` or `node:`. */
  readonly module: string;
  /**
   * Name of the export; `default` is the default export, and `module.exports` itself of a CommonJS
   * module. A dot leads to a member: `Job.create`, `Job.prototype.run`, `handlers.resize`.
   */
  readonly name: string;
}

const EXAMPLE = "new URL('./work.js', import.meta.url)";

function moduleUrl(module: unknown, argument: string): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== 'string') {
    throw new ArgumentTypeError(argument, `a URL, for example ${EXAMPLE}`, module);
  }
  if (process.getBuiltinModule('node:path').isAbsolute(module)) {
    return process.getBuiltinModule('node:url').pathToFileURL(module).href;
  }
  if (!URL.canParse(module)) {
    // A relative path would be relative to this package, not to the caller's module.
    throw new ArgumentRangeError(argument, `an absolute URL, for example ${EXAMPLE}`, module);
  }
  return new URL(module).href;
}

/**
 * Reads the explicit form of a target, `{ module, name }`.
 *
 * @param value - anything that a caller passed as a target
 * @param argument - its name in messages, for example `target`
 * @returns the reference, with `name` `default` when it was left out; `undefined` when `value` is
 *   no object with a `module`, so that the caller can try what else it accepts
 * @throws {@link ArgumentTypeError} when `module` is neither a URL nor a string, or `name` no string
 * @throws {@link ArgumentRangeError} when `module` is a relative path or a bare name, or `name` is empty
 *
 * @example
 * ```ts
 * import { parseReference } from '@multiproc/core';
 *
 * const reference = parseReference({ module: new URL('file:///srv/work.js') }, 'target');
 * console.log(reference); // → { module: 'file:///srv/work.js', name: 'default' }
 * ```
 */
export function parseReference(value: unknown, argument: string): FunctionReference | undefined {
  if (typeof value !== 'object' || value === null || !('module' in value)) return undefined;
  const { module, name = 'default' } = value as { module: unknown; name?: unknown };
  const url = moduleUrl(module, `${argument}.module`);
  if (typeof name !== 'string') {
    throw new ArgumentTypeError(`${argument}.name`, 'the name of an export', name);
  }
  if (name === '') {
    throw new ArgumentRangeError(`${argument}.name`, 'the name of an export', name);
  }
  return Object.freeze({ module: url, name });
}
