import { afterEach } from 'vitest';

/** What a `Process` can do; `@multiproc/process` itself is built on what is tested here. */
export interface Partner {
  start(): void;
  isAlive(): boolean;
  kill(): void;
  join(): Promise<unknown>;
}

/** Starts an agent that runs a function with arguments. */
export type StartPartner<Method, Started> = (
  startMethod: Method,
  target: (...args: never[]) => unknown,
  ...args: unknown[]
) => Started;

/**
 * How the tests of a file start agents to deal with: whatever still runs after a test is killed,
 * and all are joined. To be called once, at the top of the file.
 *
 * @param Process - the class of `@multiproc/process`
 * @returns starts one: start method, target, arguments
 *
 * @example
 * ```ts
 * import { Process } from '@multiproc/process';
 * import { startsPartners } from '@multiproc/testing/suites';
 *
 * const start = startsPartners(Process);
 * it('ends', async () => expect(await start('thread', partners.end, board).join()).toBe(true));
 * ```
 */
export function startsPartners<Method, Started extends Partner>(
  Process: new (options: {
    target: (...args: never[]) => unknown;
    args: unknown[];
    startMethod: Method;
  }) => Started,
): StartPartner<Method, Started> {
  const started: Started[] = [];
  afterEach(async () => {
    const left = started.splice(0);
    for (const partner of left) if (partner.isAlive()) partner.kill();
    for (const partner of left) await partner.join();
  });
  return (startMethod, target, ...args) => {
    const partner = new Process({ target, args, startMethod });
    partner.start();
    started.push(partner);
    return partner;
  };
}
