import { Process, type StartMethod } from '@multiproc/process';
import { partnersOf } from '@multiproc/testing/suites';

/** Starts a partner that is gone when the test is over. */
export const { start } = partnersOf<StartMethod, Process>(Process);

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
