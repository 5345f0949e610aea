import { fileURLToPath } from 'node:url';
import { ArgumentTypeError } from '@multiproc/core';

let chosen: string | undefined;

/** The program that runs spawned processes. */
export function executable(): string {
  return chosen ?? process.execPath;
}

/**
 * Chooses the Node that runs processes which this thread spawns from now on.
 *
 * Python counterpart: `multiprocessing.set_executable`.
 *
 * @param path - path of a Node executable: a string, its bytes, or a `file:` URL
 * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is none of these
 *
 * @example
 * ```ts
 * import { setExecutable } from '@multiproc/process';
 *
 * setExecutable(process.execPath);
 * ```
 */
export function setExecutable(path: string | Uint8Array | URL): void {
  if (path instanceof URL) chosen = fileURLToPath(path);
  else if (path instanceof Uint8Array) chosen = Buffer.from(path).toString();
  else if (typeof path === 'string' && path !== '') chosen = path;
  else throw new ArgumentTypeError('path', 'a path, its bytes or a file URL', path);
}
