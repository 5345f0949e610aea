import type { Profiler } from 'node:inspector';
import { filePath } from './node-modules.js';

/**
 * Heap up to which scripts are looked up by coverage, in bytes: it goes through the whole heap, at about
 * 4 MiB a millisecond.
 */
const SMALL_HEAP = 32 * 2 ** 20;

const JAVASCRIPT = /\.m?js$/;

/** A script's file, and what is in it now. */
export interface ScriptFile {
  readonly url: string;
  readonly text: string;
}

/** Sends a command to the inspector session of this thread. */
type Post = <Result>(method: string, params?: object) => Result;

/**
 * Finds the file of an ES module by the number of its script. The debugger tells a script and its text for certain, but to
 * enable it takes 20 ms and more, since it hashes every script that there is, Node's own included. Best-effort coverage
 * names the scripts at a fifth of that, and changes nothing: neither how code runs nor what precise coverage counts.
 *
 * @param post - to the session
 * @param id - of the script
 * @returns the file; `undefined` when it cannot be told, or is no JavaScript
 */
export function findScriptFile(post: Post, id: string): ScriptFile | undefined {
  if (process.memoryUsage().heapUsed > SMALL_HEAP) return undefined;
  // Without Profiler.enable, which would have `console.profile()` cost something and cannot be undone: to
  // disable it ends everybody's precise coverage.
  const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.getBestEffortCoverage');
  const url = result.find(({ scriptId }) => scriptId === id)?.url ?? '';
  const path = filePath(url);
  if (path === undefined || !JAVASCRIPT.test(path)) return undefined;
  const text = readText(path);
  return text === undefined ? undefined : { url, text };
}

function readText(path: string): string | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
