type Require = ReturnType<typeof import('node:module').createRequire>;

let shared: Require | undefined;

/**
 * `require` of this package. Made on first use: the start-up of a child process pays for nothing
 * that it does not need.
 *
 * @returns the function, whose `cache` is the process-wide table of CommonJS modules
 *
 * @example
 * ```ts
 * import { packageRequire } from './node-modules.js';
 *
 * console.log(typeof packageRequire().cache); // → object
 * ```
 */
export function packageRequire(): Require {
  shared ??= process.getBuiltinModule('node:module').createRequire(import.meta.url);
  return shared;
}

/**
 * Path of a file URL.
 *
 * @param url - any URL
 * @returns the path, or `undefined` when the URL does not name a file of this machine
 *
 * @example
 * ```ts
 * import { filePath } from './node-modules.js';
 *
 * console.log(filePath('file:///srv/work.js?v=2')); // → /srv/work.js
 * console.log(filePath('data:text/javascript,1')); // → undefined
 * ```
 */
export function filePath(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    return process.getBuiltinModule('node:url').fileURLToPath(url);
  } catch {
    return undefined;
  }
}
