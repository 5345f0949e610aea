import { MultiprocError } from '../errors.js';
import { filePath } from './node-modules.js';

const EXTENSION = /\.[cm]?tsx?$/;
const TSX = /(?:^|[/\\=\s])tsx(?:[/\\@]|$)/;

let prepared = false;

/** `tsx main.ts` starts Node with its loader among the options, and children inherit those. */
function tsxOption(): string | undefined {
  const inherited = process.env.NODE_OPTIONS?.split(/\s+/) ?? [];
  return [...process.execArgv, ...inherited].find((option) => TSX.test(option));
}

/** Threads have the loader of their process from Node 22 on; before that they start without. */
function hasLoader(): boolean {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  return isMainThread || Number.parseInt(process.versions.node, 10) >= 22;
}

/** `false` before Node 22.18, which can be asked for it by an option. */
function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}

function resolveTsx(path: string, option: string | undefined): string | undefined {
  const { createRequire } = process.getBuiltinModule('node:module');
  const loader = /(?:file:|[/\\]|[A-Za-z]:).*$/.exec(option ?? '')?.[0];
  for (const from of loader === undefined ? [path] : [loader, path]) {
    try {
      return createRequire(from).resolve('tsx/esm/api');
    } catch {
      // Not installed there: the next place is tried, and the caller reports when none has it.
    }
  }
  return undefined;
}

async function registerTsx(resolved: string): Promise<void> {
  const { createRequire } = process.getBuiltinModule('node:module');
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  // `require.resolve` gives the CommonJS build; only the one beside it finds tsx's loader.
  const api = pathToFileURL(resolved.replace(/\.cjs$/, '.mjs')).href;
  const esm = await import(/* @vite-ignore */ api);
  esm.register();
  // A TypeScript file of a CommonJS package is loaded by `require`.
  createRequire(resolved)('tsx/cjs/api').register();
}

/**
 * Makes this agent able to import a TypeScript module, before its first import of one. Does nothing
 * for other modules, nor where Node strips types by itself or already runs under tsx.
 *
 * @param url - absolute URL of the module that will be imported
 * @throws {@link MultiprocError} `ERR_TYPESCRIPT` when neither Node nor an installed tsx can load it
 *
 * @example
 * ```ts
 * import { prepareTypeScript } from '@multiproc/core';
 *
 * await prepareTypeScript('file:///srv/work.js');
 * ```
 */
export async function prepareTypeScript(url: string): Promise<void> {
  const path = filePath(url);
  if (prepared || path === undefined || !EXTENSION.test(path)) return;
  const option = tsxOption();
  if (option !== undefined && hasLoader()) return;
  // Vitest resolves `./work.js` to work.ts and compiles enums, as tsx does and Node does not.
  const wanted = option !== undefined || process.env.VITEST !== undefined;
  if (stripsTypes() && !wanted) return;
  const resolved = resolveTsx(path, option);
  if (resolved === undefined) {
    if (stripsTypes()) return;
    throw new MultiprocError(
      'ERR_TYPESCRIPT',
      `Node ${process.versions.node} cannot load the TypeScript module ${path}. ` +
        'Use Node 22.18 or later, or install tsx next to it: npm install --save-dev tsx.',
    );
  }
  await registerTsx(resolved);
  prepared = true;
}
