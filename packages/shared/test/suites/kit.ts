import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Process, type StartMethod } from '@multiproc/process';
import { startsPartners } from '@multiproc/testing/suites';

/** Starts a partner that is gone when the test is over. */
export const start = startsPartners<StartMethod, Process>(Process);

/** Starts a partner and waits until it has ended well. */
export async function run(
  startMethod: StartMethod,
  target: (...args: never[]) => unknown,
  ...args: unknown[]
): Promise<void> {
  const partner = start(startMethod, target, ...args);
  await partner.join();
  if (partner.exitCode !== 0) throw new Error(`the partner ended with ${partner.exitCode}`);
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Collects what nobody refers to; its finalizers run in a later turn of the event loop. */
export function collect(isDone: () => boolean): boolean {
  gc();
  return isDone();
}
