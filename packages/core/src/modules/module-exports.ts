import { isModuleNamespaceObject } from 'node:util/types';
import { type ExportNames, exportNames } from './export-names.js';
import type { Exportable, FunctionReference } from './function-reference.js';
import { type InspectedFunction, type Script, scriptSource } from './inspector-session.js';
import { filePath, packageRequire } from './node-modules.js';

/** Exports by name, as an importer would see them now. */
export type ExportedValues = ReadonlyMap<string, unknown>;

/** A module that is loaded, and what it exports. */
export interface LoadedModule {
  readonly url: string;
  readonly values: ExportedValues;
  /** The same with accessors read: compilers export by `get: () => work`. */
  readonly readAll?: () => ExportedValues;
}

const GLOBAL_SCOPE = /^(?:Global|Script)\b/;
const names = new WeakMap<Script, ExportNames>();

function namesOf(script: Script): ExportNames {
  let found = names.get(script);
  if (found === undefined) {
    found = exportNames(scriptSource(script));
    names.set(script, found);
  }
  return found;
}

/** `undefined` for accessors, which may load a module or have any other effect. */
function dataProperty(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * The exports of a CommonJS module as `import` names them.
 *
 * @param exported - its `module.exports`
 * @param read - reads one property; the default leaves accessors alone
 * @returns `default` and the properties. `default` is `module.exports` itself, unless that was
 *   compiled from an ES module
 *
 * @example
 * ```ts
 * import { commonJsValues } from './module-exports.js';
 *
 * console.log([...commonJsValues({ work() {} }).keys()]); // → [ 'default', 'work' ]
 * ```
 */
export function commonJsValues(
  exported: unknown,
  read: (object: object, key: string) => unknown = dataProperty,
): Map<string, unknown> {
  const values = new Map<string, unknown>([['default', exported]]);
  if (!isObject(exported)) return values;
  const compiled = dataProperty(exported, '__esModule') === true;
  for (const key of Object.getOwnPropertyNames(exported)) {
    if (key !== 'default' || compiled || isModuleNamespaceObject(exported)) {
      values.set(key, read(exported, key));
    }
  }
  return values;
}

function readAnyProperty(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key);
  } catch {
    return undefined; // an export that is not initialised yet
  }
}

function scopeOfModule(inspected: InspectedFunction, { locals, wrapped }: ExportNames) {
  if (!wrapped) return inspected.scopes.find((scope) => scope.description === 'Module');
  // The outermost one that has an export. Outside of it are the parameters of the wrapper, if the
  // module uses them: for a dynamic import, for example.
  const variables = new Set(locals.values());
  return inspected.scopes.findLast(
    ({ description, object }) =>
      !GLOBAL_SCOPE.test(description) && Object.keys(object).some((name) => variables.has(name)),
  );
}

function valuesInScope(fn: Exportable, inspected: InspectedFunction, script: Script) {
  const exported = namesOf(script);
  const { locals, defaultPlaces } = exported;
  const variables = scopeOfModule(inspected, exported)?.object ?? {};
  const values = new Map<string, unknown>();
  for (const [name, local] of locals) {
    if (Object.hasOwn(variables, local)) values.set(name, variables[local]);
  }
  // V8 shows no variable for an unnamed default export, nor a constant that is exported only by
  // `export default work`; their places are known.
  if (defaultPlaces.has(`${inspected.line}:${inspected.column}`)) values.set('default', fn);
  return values;
}

/** Loaders add a query for their own use; without it the other agent imports the same file. */
function importableUrl(script: Script, wrapped: boolean): string {
  const { isAbsolute } = process.getBuiltinModule('node:path');
  const href = isAbsolute(script.url)
    ? process.getBuiltinModule('node:url').pathToFileURL(script.url).href
    : script.url;
  if (!href.startsWith('file:')) return href;
  const url = new URL(href);
  if (wrapped) url.search = '';
  url.searchParams.delete('tsx-namespace');
  return url.href;
}

/**
 * The module that a function was written in, with its present exports. Works while the module is
 * still being evaluated, and evaluates nothing.
 *
 * @param fn - the function
 * @param inspected - what V8 knows about it
 * @returns the module, or `undefined` when the function comes from no module that can be imported
 *
 * @example
 * ```ts
 * import { inspectFunction } from './inspector-session.js';
 * import { moduleOf } from './module-exports.js';
 *
 * const inspected = inspectFunction(moduleOf);
 * console.log(inspected && moduleOf(moduleOf, inspected)?.values.has('moduleOf')); // → true
 * ```
 */
export function moduleOf(fn: Exportable, inspected: InspectedFunction): LoadedModule | undefined {
  const { script } = inspected;
  if (script === undefined) return undefined;
  if (script.isModule) {
    const url = importableUrl(script, false);
    return { url, values: valuesInScope(fn, inspected, script) };
  }
  if (process.getBuiltinModule('node:module').isBuiltin(script.url)) {
    return { url: script.url, values: commonJsValues(packageRequire()(script.url)) };
  }
  const url = importableUrl(script, false);
  const path = filePath(url);
  if (path === undefined) return undefined;
  const loaded = packageRequire().cache[path];
  if (loaded !== undefined) {
    const { exports } = loaded;
    const readAll = () => commonJsValues(exports, readAnyProperty);
    return { url, values: commonJsValues(exports), readAll };
  }
  if (!namesOf(script).wrapped) return undefined;
  return { url: importableUrl(script, true), values: valuesInScope(fn, inspected, script) };
}

/**
 * Every CommonJS module that is loaded, the latest first: what a module re-exports was usually
 * loaded after it, and the module nearest to the function is the better one to import.
 *
 * @returns the modules; accessors among their exports are left alone
 *
 * @example
 * ```ts
 * import { commonJsModules } from './module-exports.js';
 *
 * for (const { url } of commonJsModules()) console.log(url.startsWith('file:')); // → true
 * ```
 */
export function* commonJsModules(): Generator<LoadedModule> {
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  for (const [path, loaded] of Object.entries(packageRequire().cache).reverse()) {
    if (loaded === undefined || !process.getBuiltinModule('node:path').isAbsolute(path)) continue;
    if (isModuleNamespaceObject(loaded.exports)) continue;
    yield { url: pathToFileURL(path).href, values: commonJsValues(loaded.exports) };
  }
}

/** Members of an exported class or object, as dotted names. */
function* memberOwners(name: string, value: object): Generator<[string, object]> {
  yield [name, value];
  const prototype = typeof value === 'function' ? dataProperty(value, 'prototype') : undefined;
  if (isObject(prototype)) yield [`${name}.prototype`, prototype];
}

function memberName(fn: Exportable, values: ExportedValues): string | undefined {
  for (const [name, value] of values) {
    if (!isObject(value) || name.includes('.')) continue;
    for (const [path, owner] of memberOwners(name, value)) {
      const key = Object.getOwnPropertyNames(owner).find((k) => dataProperty(owner, k) === fn);
      // A class is the `constructor` of its own prototype: no reason to name it so.
      if (key !== undefined && key !== 'constructor' && !key.includes('.')) return `${path}.${key}`;
    }
  }
  return undefined;
}

function exportName(fn: Exportable, values: ExportedValues): string | undefined {
  const direct = [...values].filter(([name, value]) => value === fn && !name.includes('.'));
  const named =
    direct.find(([name]) => name === fn.name) ??
    direct.find(([name]) => name !== 'default') ??
    direct[0];
  return named?.[0] ?? memberName(fn, values);
}

/**
 * Finds a function among a module's exports, by identity.
 *
 * @param fn - the function or class
 * @param module - the module to search; accessors are read only when nothing else is the function,
 *   for they may load other modules
 * @returns the reference, or `undefined` when the module exports it neither by itself nor as a
 *   member of an exported class or object
 *
 * @example
 * ```ts
 * import { findExport } from './module-exports.js';
 *
 * const work = () => 1;
 * const module = { url: 'file:///srv/work.js', values: new Map([['run', work]]) };
 * console.log(findExport(work, module)?.name); // → run
 * ```
 */
export function findExport(fn: Exportable, module: LoadedModule): FunctionReference | undefined {
  const name =
    exportName(fn, module.values) ?? (module.readAll && exportName(fn, module.readAll()));
  return name === undefined ? undefined : Object.freeze({ module: module.url, name });
}
