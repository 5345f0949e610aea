import { NotExportedError } from '../errors.js';
import type { Exportable } from './function-reference.js';
import { type InspectedFunction, inspectorRefusal } from './inspector-session.js';
import type { LoadedModule } from './module-exports.js';
import { filePath } from './node-modules.js';

/** Line and column of the file that was written, where the compiler left an inline source map. */
function originalLine(inspected: InspectedFunction): number {
  const { script, line, column } = inspected;
  const inline = /^data:application\/json[^,]*;base64,(.*)$/s.exec(script?.sourceMapUrl ?? '');
  if (inline?.[1] === undefined) return line + 1;
  try {
    const { SourceMap } = process.getBuiltinModule('node:module');
    const payload = JSON.parse(Buffer.from(inline[1], 'base64').toString());
    const entry = new SourceMap(payload).findEntry(line, column);
    return ('originalLine' in entry ? entry.originalLine : line) + 1;
  } catch {
    return line + 1; // a map that cannot be read must not hide the error that is being built
  }
}

function placeOf(inspected: InspectedFunction): string | undefined {
  const path = filePath(inspected.script?.url ?? '') ?? inspected.script?.url;
  if (!path) return undefined;
  const { isAbsolute, relative, sep } = process.getBuiltinModule('node:path');
  const near = isAbsolute(path) ? relative(process.cwd(), path) : path;
  const outside = near.startsWith(`..${sep}`) || isAbsolute(near);
  return `${outside ? path : near}:${originalLine(inspected)}`;
}

function kindOf(fn: Exportable): string {
  return /^class\b/.test(Function.prototype.toString.call(fn)) ? 'class' : 'function';
}

function advice(fn: Exportable): string {
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(fn.name) ? fn.name : 'work';
  return (
    `so no other process or thread can find it. Write \`export ${kindOf(fn)} ${name}\` at the top ` +
    'level of a module, or name the module that exports it: ' +
    `{ module: new URL('./work.js', import.meta.url), name: '${name}' }.`
  );
}

function complaint(fn: Exportable, inspected: InspectedFunction, module?: LoadedModule): string {
  const { script, inner } = inspected;
  if (script === undefined) {
    return inner === undefined
      ? 'is built into JavaScript, and no module exports it. Export a function of your own that calls it.'
      : 'is a bound function or a proxy that no module exports. Export a plain function, and pass the bound values as arguments.';
  }
  if (module === undefined) {
    return (
      'was not loaded from a module (a string made it at run time, or a bundler or test runner did), ' +
      advice(fn)
    );
  }
  if (module.values.has(fn.name)) {
    return `is not the one that its module exports as \`${fn.name}\`, only of the same name, ${advice(fn)}`;
  }
  return `is not exported by its module, ${advice(fn)}`;
}

/**
 * The error for a function that another agent could not find.
 *
 * @param fn - the function or class
 * @param inspected - what V8 knows about it; `undefined` when there is no inspector
 * @param module - the module that it was written in, when that is known
 * @returns the error: its message has the function's name, its place, the reason, and what to write
 *
 * @example
 * ```ts
 * import { notExported } from './not-exported.js';
 *
 * console.log(notExported(Math.max, undefined, undefined).code); // → ERR_NOT_EXPORTED
 * ```
 */
export function notExported(
  fn: Exportable,
  inspected: InspectedFunction | undefined,
  module: LoadedModule | undefined,
): NotExportedError {
  const kind = kindOf(fn);
  const name = fn.name === '' ? `An anonymous ${kind}` : `The ${kind} ${fn.name}`;
  if (inspected === undefined) {
    return new NotExportedError(
      `${name} cannot be looked up, because this runtime allows no inspector (Node refuses it under ` +
        '--permission). Name the module that exports it: ' +
        `{ module: new URL('./work.js', import.meta.url), name: '${fn.name || 'default'}' }.`,
      { cause: inspectorRefusal() },
    );
  }
  const place = placeOf(inspected);
  const subject = place === undefined ? name : `${name} (${place})`;
  return new NotExportedError(`${subject} ${complaint(fn, inspected, module)}`);
}
