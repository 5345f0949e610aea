import { createRequire } from 'node:module';

/** A function of a C library. */
export type Call = (...args: unknown[]) => number;

/** What is used of koffi. */
export interface Koffi {
  load(path: null): { func(name: string, result: string, parameters: string[]): Call };
  view(address: bigint, length: number): ArrayBuffer;
  errno(): number;
}

/** koffi, and how others of the family load it faster. */
export interface LoadedKoffi {
  readonly koffi: Koffi;
  /** Path of its binary; `undefined` when it is not known. */
  readonly binary: string | undefined;
}

/**
 * Loads koffi. Its own entry looks for the binary of this machine through several modules, which takes
 * about five times as long as the binary itself; so that is loaded at once where somebody has found it.
 *
 * @param known - path of the binary, as another agent found it
 * @throws what `require` throws
 */
export function loadKoffi(known: string | undefined): LoadedKoffi {
  const require = createRequire(import.meta.url);
  const koffi = known === undefined ? undefined : loadBinary(require, known);
  if (koffi) return { koffi, binary: known };
  const { default: found } = require('koffi') as { default: Koffi };
  return { koffi: found, binary: binaryOf(require, found) };
}

/** Not there, or not fit for this process: another program may run it than the one that found the path. */
function loadBinary(require: NodeJS.Require, path: string): Koffi | undefined {
  try {
    const found = require(path) as Partial<Koffi>;
    return typeof found.load === 'function' ? (found as Koffi) : undefined;
  } catch {
    return undefined;
  }
}

function binaryOf({ cache }: NodeJS.Require, koffi: Koffi): string | undefined {
  return Object.keys(cache).find(
    (path) => path.endsWith('.node') && cache[path]?.exports === koffi,
  );
}
