import { afterEach } from 'vitest';

/** What a `Process` can do; `@multiproc/process` itself is built on what is tested here. */
export interface Partner {
  readonly exitCode: number | null;
  start(): void;
  isAlive(): boolean;
  kill(): void;
  join(): Promise<unknown>;
}

/** The agents that the tests of a file deal with. */
export interface Partners<Method, Started> {
  /** Starts an agent that runs a function with arguments. */
  readonly start: (
    startMethod: Method,
    target: (...args: never[]) => unknown,
    ...args: unknown[]
  ) => Started;
  /** Waits until all have ended that were started since it was last called; tells their exit codes. */
  readonly joinAll: () => Promise<(number | null)[]>;
}

/**
 * How the tests of a file start agents to deal with: whatever still runs after a test is killed,
 * and all are joined. To be called once, at the top of the file.
 *
 * @param Process - the class of `@multiproc/process`
 * @returns what starts one, and what waits for all
 *
 * @example
 * ```ts
 * import { Process, type StartMethod } from '@multiproc/process';
 * import { partnersOf } from '@multiproc/testing/suites';
 *
 * const { start, joinAll } = partnersOf<StartMethod, Process>(Process);
 * it('ends', async () => {
 *   start('thread', partners.end, board);
 *   expect(await joinAll()).toEqual([0]);
 * });
 * ```
 */
export function partnersOf<Method, Started extends Partner>(
  Process: new (options: {
    target: (...args: never[]) => unknown;
    args: unknown[];
    startMethod: Method;
  }) => Started,
): Partners<Method, Started> {
  const started: Started[] = [];
  afterEach(async () => {
    const left = started.splice(0);
    for (const partner of left) if (partner.isAlive()) partner.kill();
    for (const partner of left) await partner.join();
  });
  return {
    start: (startMethod, target, ...args) => {
      const partner = new Process({ target, args, startMethod });
      partner.start();
      started.push(partner);
      return partner;
    },
    joinAll: async () => {
      for (const partner of started) await partner.join();
      return started.splice(0).map(({ exitCode }) => exitCode);
    },
  };
}
