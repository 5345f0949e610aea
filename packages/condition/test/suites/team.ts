import { Process, type StartMethod } from '@multiproc/process';
import { afterEach } from 'vitest';

const started: Process[] = [];

/** Starts a partner, which is killed at the end of the test if it still runs. */
export function start(
  startMethod: StartMethod,
  target: (...args: never[]) => unknown,
  ...args: unknown[]
): Process {
  const partner = new Process({ target, args, startMethod });
  partner.start();
  started.push(partner);
  return partner;
}

/** Waits for all partners to end, and tells their exit codes. */
export async function joinAll(): Promise<(number | null)[]> {
  for (const partner of started) await partner.join();
  return started.map(({ exitCode }) => exitCode);
}

afterEach(async () => {
  for (const partner of started) if (partner.isAlive()) partner.kill();
  for (const partner of started.splice(0)) await partner.join();
});
