import { isModuleNamespaceObject } from 'node:util/types';
import { MultiprocError, NotExportedError } from '../errors.js';
import type { Exportable } from './function-reference.js';
import { knownFunction, rememberFunction } from './locate-function.js';
import { filePath, packageRequire } from './node-modules.js';

const loading = new Map<string, Promise<object>>();
const namespaces = new Map<string, object>();

async function load(url: string): Promise<object> {
  const namespace: object = await import(/* @vite-ignore */ url);
  namespaces.set(url, namespace);
  return namespace;
}

/**
 * Imports a module, once per agent, and remembers it for {@link loadedExport}.
 *
 * @param url - absolute URL of the module
 * @returns its namespace
 * @throws whatever the module's evaluation throws; a later call tries again
 *
 * @example
 * ```ts
 * import { importModule, loadedExport } from '@multiproc/core';
 *
 * const module = 'data:text/javascript,export const answer = 42';
 * await importModule(module);
 * console.log(loadedExport(module, 'answer')); // → 42
 * ```
 */
export async function importModule(url: string): Promise<object> {
  let promise = loading.get(url);
  if (promise === undefined) {
    promise = load(url);
    loading.set(url, promise);
    promise.catch(() => loading.delete(url));
  }
  return promise;
}

function requireModule(url: string): unknown {
  const target = filePath(url) ?? (url.startsWith('node:') ? url : undefined);
  try {
    if (target === undefined) throw new TypeError('only files can be loaded synchronously');
    return packageRequire()(target);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new MultiprocError(
      'ERR_MODULE_NOT_LOADED',
      `The module ${url} is not imported here yet, and could not be loaded synchronously (${why}). ` +
        `Import it first: await import(${JSON.stringify(url)}).`,
      { cause },
    );
  }
}

function isRecord(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Where the module's exports can be read. `module.exports` knows names that the namespace of a
 * CommonJS module lacks, for `import` only sees those that it can read out of the text.
 */
function exportsOf(url: string): unknown[] {
  const path = filePath(url);
  const required = path === undefined ? undefined : packageRequire().cache[path];
  const namespace = namespaces.get(url);
  if (namespace !== undefined) {
    const commonJs = required?.exports ?? Reflect.get(namespace, 'module.exports');
    return isRecord(commonJs) ? [commonJs, namespace] : [namespace];
  }
  return [required === undefined ? requireModule(url) : required.exports];
}

/** The same rule as in `commonJsValues`, for one name, so that no other accessor is read. */
function readExport(exported: unknown, name: string): unknown {
  const named = isRecord(exported) && Object.hasOwn(exported, name);
  if (name === 'default' && !isModuleNamespaceObject(exported)) {
    return named && Reflect.get(exported, '__esModule') === true
      ? Reflect.get(exported, name)
      : exported;
  }
  return named ? Reflect.get(exported, name) : undefined;
}

function readPath(exported: unknown, name: string): unknown {
  const whole = readExport(exported, name);
  if (whole !== undefined) return whole;
  const [first = '', ...path] = name.split('.');
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) ? Reflect.get(value, key) : undefined),
    readExport(exported, first),
  );
}

/**
 * The export that a {@link FunctionReference} names, without waiting.
 *
 * @param module - absolute URL of the module
 * @param name - name of the export; a dot leads to a member (`Job.prototype.run`)
 * @returns its value
 * @throws {@link MultiprocError} `ERR_MODULE_NOT_LOADED` when the module was not imported before
 *   and `require` cannot load it (top-level await, `data:` URL, still being evaluated)
 * @throws {@link NotExportedError} `ERR_NOT_EXPORTED` when it has no such export, where the message
 *   lists those that there are, or the export is `undefined`
 *
 * @example
 * ```ts
 * import { loadedExport } from '@multiproc/core';
 *
 * console.log(typeof loadedExport('node:fs', 'readFileSync')); // → function
 * ```
 */
export function loadedExport(module: string, name: string): unknown {
  const known = knownFunction(module, name);
  if (known !== undefined) return known;
  const places = exportsOf(module);
  const value = places.map((exported) => readPath(exported, name)).find((v) => v !== undefined);
  if (value === undefined) {
    const names = new Set(places.filter(isRecord).flatMap(Object.keys));
    if (names.has(name)) {
      throw new NotExportedError(
        `The module ${module} exports ${name}, but here that is undefined, where the sender has a ` +
          'value. Does the module assign it later, or under a condition that does not hold in a ' +
          'child, such as isMainProcess()? Assign it at the top level, outside of any condition.',
      );
    }
    throw new NotExportedError(
      `The module ${module} does not export ${name}. It exports ${[...names].join(', ') || 'nothing'}. ` +
        'Was it changed since the sender loaded it, or does it export other names in a child?',
    );
  }
  if (typeof value === 'function') rememberFunction(value as Exportable, { module, name });
  return value;
}
