import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { readInvitation } from './invitation.js';

/** Environment data are handed from each thread to the workers that it starts. The number is koffi's major. */
const KEY = 'multiproc.koffi.3';

/** Path of koffi's binary, as this thread's starter, or this thread, has found it. */
export function knownBinary(): string | undefined {
  return (getEnvironmentData(KEY) as unknown as string | undefined) ?? readInvitation()?.binary;
}

/** Tells the workers and processes that this thread starts from now on. */
export function rememberBinary(path: string | undefined): void {
  if (path !== undefined) setEnvironmentData(KEY, path as never);
}
