import { activeChildren, Process, type ProcessOptions, type StartMethod } from '@multiproc/process';
import { within } from '@multiproc/testing';
import { afterEach } from 'vitest';
import { Answers } from './answers.js';

/** How long anything may take before a test says that it hangs, in milliseconds. */
export const LIMIT = 20_000;

/** What the suites start processes with; whatever still runs after a test is killed. */
export class Kit {
  readonly startMethod: StartMethod;
  readonly answers = new Answers();

  /** @param startMethod - of every process */
  constructor(startMethod: StartMethod) {
    this.startMethod = startMethod;
    afterEach(async () => {
      for (const child of activeChildren()) child.kill();
      for (const child of activeChildren()) await this.joined(child);
    });
  }

  /** A process that has not been started. */
  readonly make = (
    target: ProcessOptions['target'],
    args: unknown[] = [],
    more: ProcessOptions = {},
  ): Process => new Process({ target, args, startMethod: this.startMethod, ...more });

  /** A process that has been started. */
  readonly start = (...options: Parameters<Kit['make']>): Process => {
    const process = this.make(...options);
    process.start();
    return process;
  };

  /** Awaits the end of a process. */
  readonly joined = (process: Process): Promise<boolean> =>
    within(LIMIT, process.join(), `the end of ${process}`);
}
