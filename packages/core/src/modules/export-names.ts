import { packageRequire } from './node-modules.js';

/** The exports that a module's text declares. */
export interface ExportNames {
  /** Export name → name of the variable inside the module. */
  readonly locals: ReadonlyMap<string, string>;
  /** Where the function or class that is the default export stands, as `line:column` from 0. */
  readonly defaultPlaces: ReadonlySet<string>;
  /** `true` when a Vite module runner (Vitest) wrapped the text into a function. */
  readonly wrapped: boolean;
}

const IDENTIFIER = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const SPACE = '(?:\\s|//[^\\n]*|/\\*[^]*?\\*/)*';

/** What Vite 7 and later write for an export, then what Vite 5 and 6 wrote. */
const WRAPPED_EXPORTS = [
  new RegExp(
    `__vite_ssr_exportName__\\("([^"]+)", \\(\\) => \\{ try \\{ return (${IDENTIFIER}) \\}`,
    'gu',
  ),
  new RegExp(
    `defineProperty\\(\\s*(?:__vi_export__|__vite_ssr_exports__), "([^"]+)", \\{[^{}]*get\\(\\)\\s*\\{ return (${IDENTIFIER});? \\}`,
    'gu',
  ),
];
const WRAPPER =
  /^'use strict';\s*async \([^)]*__vite_ssr_exports__|^\(?async function[^(]*\([^)]*__vite_ssr_exports__/;

const DEFAULT_VARIABLE = new RegExp(
  `^${SPACE}(?!(?:async|class|function)\\b)(${IDENTIFIER})[^\\S\\n]*(?:;|$|\\n(?!\\s*(?:[.([\`?*%&|^<>=,+-]|/(?![/*]))))`,
  'u',
);
const SPACES = new RegExp(`^${SPACE}`);
const FUNCTION_WORD = new RegExp(`^(?:async\\s+)?function\\b${SPACE}\\*?${SPACE}`);

function lexer(): typeof import('es-module-lexer/minimal') {
  return packageRequire()('es-module-lexer/minimal');
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

function placeAt(source: string, offset: number): string {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `${before.split('\n').length - 1}:${offset - lineStart}`;
}

/** V8 places a function at its parameter list, an arrow and a class at their first character. */
function placesOfValue(source: string, from: number): Set<string> {
  const places = new Set<string>();
  const afterSpace = (offset: number) => offset + lengthOf(SPACES, source.slice(offset));
  for (let offset = afterSpace(from); ; offset = afterSpace(offset + 1)) {
    places.add(placeAt(source, offset));
    places.add(placeAt(source, offset + lengthOf(FUNCTION_WORD, source.slice(offset))));
    // A parenthesis opens the parameters of an arrow, or surrounds the value.
    if (source[offset] !== '(') return places;
  }
}

/** A nested declaration of the same name is told by the lexer, which sees top-level exports only. */
function isTopLevel(before: string): boolean {
  try {
    return lexer()
      .parse(`${before};export{probe}`)[1]
      .some(({ n }) => n === 'probe');
  } catch {
    return false; // the text before it ends inside a bracket
  }
}

/** The constant, function or class that `export default work;` exports. */
function placesOfVariable(source: string, variable: string): Set<string> {
  const name = variable.replaceAll('$', '\\$');
  const declaration = new RegExp(
    `\\bconst\\s+${name}\\s*=|\\bfunction\\b${SPACE}\\*?${SPACE}${name}(?=\\s*\\()|\\b(?=class\\s+${name}\\b)`,
    'gu',
  );
  for (const { 0: text, index } of source.matchAll(declaration)) {
    if (isTopLevel(source.slice(0, index).replace(/\basync\s*$/, ''))) {
      return placesOfValue(source, index + text.length);
    }
  }
  return new Set();
}

function defaultPlaces(source: string, end: number): Set<string> {
  const variable = DEFAULT_VARIABLE.exec(source.slice(end))?.[1];
  return variable === undefined ? placesOfValue(source, end) : placesOfVariable(source, variable);
}

function wrappedNames(source: string): ExportNames {
  const locals = new Map<string, string>();
  for (const pattern of WRAPPED_EXPORTS) {
    for (const [, name = '', local = ''] of source.matchAll(pattern)) locals.set(name, local);
  }
  return { locals, defaultPlaces: new Set(), wrapped: true };
}

/**
 * Reads which of a module's variables it exports, and under which names.
 *
 * @param source - the text that V8 compiled, either of an ES module or of one that Vite wrapped
 * @returns the names; re-exports of other modules are left out, for a function is looked for in
 *   the module that it was written in
 *
 * @example
 * ```ts
 * import { exportNames } from './export-names.js';
 *
 * const { locals } = exportNames('function work() {} export { work as run };');
 * console.log(locals); // → Map(1) { 'run' => 'work' }
 * ```
 */
export function exportNames(source: string): ExportNames {
  if (WRAPPER.test(source)) return wrappedNames(source);
  const locals = new Map<string, string>();
  let places = new Set<string>();
  for (const { n: name, ln: local, e: end } of lexer().parse(source)[1]) {
    if (local !== undefined) locals.set(name, local);
    else if (name === 'default') places = defaultPlaces(source, end);
  }
  return { locals, defaultPlaces: places, wrapped: false };
}
