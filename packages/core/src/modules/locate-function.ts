import { ArgumentRangeError, ArgumentTypeError, checkFunction } from '../arguments.js';
import { type Exportable, type FunctionReference, parseReference } from './function-reference.js';
import { type InspectedFunction, inspectFunction } from './inspector-session.js';
import { commonJsModules, findExport, type LoadedModule, moduleOf } from './module-exports.js';
import { notExported } from './not-exported.js';

/** How deep wrappers of wrappers are followed, and how many functions are asked on the way. */
const MAX_WRAPPERS = 50;

const references = new WeakMap<object, FunctionReference>();
const known = new Map<string, WeakRef<Exportable>>();

/**
 * Remembers that a function was found under a reference, in both directions.
 *
 * @param fn - the function or class
 * @param reference - where it was found; one that is known already stays
 *
 * @example
 * ```ts
 * import { knownFunction, rememberFunction } from './locate-function.js';
 *
 * const work = () => 1;
 * rememberFunction(work, { module: 'file:///srv/work.js', name: 'work' });
 * console.log(knownFunction('file:///srv/work.js', 'work') === work); // → true
 * ```
 */
export function rememberFunction(fn: Exportable, reference: FunctionReference): void {
  if (!references.has(fn)) references.set(fn, reference);
  known.set(`${reference.name}@${reference.module}`, new WeakRef(fn));
}

/** What a function calls: the target of a bound one, the functions that a wrapper captured. */
function wrappedBy(inspected: InspectedFunction): Exportable[] {
  const captured = inspected.scopes
    .filter(({ description }) => !/^(?:Module|Script|Global)\b/.test(description))
    .flatMap(({ object }) => Object.values(object))
    .filter((value): value is Exportable => typeof value === 'function');
  return inspected.inner === undefined ? captured : [inspected.inner, ...captured];
}

/**
 * `export const work = traced(async () => …)`: the function was written inside `traced`, in another
 * module, but what it captured was written in the module that exports it.
 */
function findThroughWrapped(
  fn: Exportable,
  inspected: InspectedFunction,
  isCertain: boolean,
): FunctionReference | undefined {
  const seen = new Set(wrappedBy(inspected));
  for (const inner of seen) {
    const facts = inspectFunction(inner, isCertain);
    const module = facts && moduleOf(inner, facts);
    const reference = module && findExport(fn, module);
    if (reference !== undefined) return reference;
    for (const next of facts === undefined ? [] : wrappedBy(facts)) {
      if (seen.size < MAX_WRAPPERS) seen.add(next);
    }
  }
  return undefined;
}

function findInCommonJs(fn: Exportable): FunctionReference | undefined {
  for (const module of commonJsModules()) {
    const reference = findExport(fn, module);
    if (reference !== undefined) return reference;
  }
  return undefined;
}

function search(fn: Exportable, isCertain: boolean): FunctionReference {
  const inspected = inspectFunction(fn, isCertain);
  let module: LoadedModule | undefined;
  if (inspected !== undefined) {
    module = moduleOf(fn, inspected);
    const own = module && findExport(fn, module);
    if (own !== undefined) return own;
  }
  const reference =
    findInCommonJs(fn) ?? (inspected && findThroughWrapped(fn, inspected, isCertain));
  if (reference !== undefined) return reference;
  // A loader may have compiled another text than the file has.
  if (!isCertain) return search(fn, true);
  throw notExported(fn, inspected, module);
}

/**
 * Finds the module and the export under which another agent can get the same function or class.
 *
 * The answer is found from the function alone: V8 tells its script and the variables of its
 * module, and the module's text tells which of them are exported. Nothing is imported or run, so it
 * works for a module that is still being evaluated. The answer is remembered per function.
 *
 * Python counterpart: how `pickle` names a function by module and qualified name.
 *
 * @param fn - a function or class that some module exports, or a method of an exported class
 * @returns the module's URL and the export's name
 * @throws {@link ArgumentTypeError} when `fn` is no function
 * @throws {@link NotExportedError} (`ERR_NOT_EXPORTED`) when no module exports it, with its file
 *   and line and what to write instead
 *
 * @example
 * ```ts
 * import { locateFunction } from '@multiproc/core';
 *
 * export function work() {}
 * console.log(locateFunction(work).name); // → work
 * ```
 */
export function locateFunction(fn: Exportable): FunctionReference {
  checkFunction(fn, 'fn');
  let reference = references.get(fn);
  if (reference === undefined) {
    reference = search(fn, false);
    rememberFunction(fn, reference);
  }
  return reference;
}

/**
 * Says where a function can be found, for one that {@link locateFunction} cannot place itself:
 * bundled code, or a runtime without an inspector.
 *
 * @param fn - the function or class
 * @param reference - the module and export that give the same function in another agent
 * @throws {@link ArgumentTypeError} when `fn` is no function, or `reference` no reference
 * @throws {@link ArgumentRangeError} when `fn` is known under another reference already
 *
 * @example
 * ```ts
 * import { locateFunction, registerFunction } from '@multiproc/core';
 *
 * const work = new Function('return 1') as () => number;
 * registerFunction(work, { module: 'file:///srv/work.js', name: 'work' });
 * console.log(locateFunction(work).module); // → file:///srv/work.js
 * ```
 */
export function registerFunction(fn: Exportable, reference: FunctionReference): void {
  checkFunction(fn, 'fn');
  const parsed = parseReference(reference, 'reference');
  if (parsed === undefined) {
    throw new ArgumentTypeError('reference', 'an object { module, name }', reference);
  }
  const earlier = references.get(fn);
  if (earlier !== undefined && (earlier.module !== parsed.module || earlier.name !== parsed.name)) {
    const expected = `the reference under which the function is known, ${earlier.name} of ${earlier.module},`;
    throw new ArgumentRangeError('reference', expected, reference);
  }
  rememberFunction(fn, parsed);
}

/**
 * The function that this agent itself located, loaded or registered under a reference. So a function that
 * comes back to its sender is the same function, even while its module is still being evaluated.
 *
 * @param module - the module's URL
 * @param name - the export's name
 * @returns the function, or `undefined`
 *
 * @example
 * ```ts
 * import { knownFunction, locateFunction } from './locate-function.js';
 *
 * const { module, name } = locateFunction(knownFunction);
 * console.log(knownFunction(module, name) === knownFunction); // → true
 * ```
 */
export function knownFunction(module: string, name: string): Exportable | undefined {
  return known.get(`${name}@${module}`)?.deref();
}
