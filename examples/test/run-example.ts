import { eventually, Leftovers, reapAll, spawnProgram, within } from '@multiproc/testing';
import { afterEach, vi } from 'vitest';

/** Only ends what hangs: a busy machine needs a second for each process that an example starts. */
const LIMIT = 60_000;

/** Shorter than the sleep of any daemon among the examples: it must be ended, not end by itself. */
const CLEAN = 20_000;

/** How an example ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly lines: string[];
  readonly stderr: string;
}

const leftovers = new Leftovers();

/** After each test of a file: nothing that an example has started still runs. */
export function cleanUp(): void {
  vi.setConfig({ testTimeout: 5 * LIMIT, hookTimeout: 2 * LIMIT });
  afterEach(async () => {
    await reapAll();
    await eventually(() => leftovers.list().length === 0, CLEAN, 'nothing is left running');
  });
}

/** Runs an example as its reader does, with plain `node`. */
export async function runExample(name: string): Promise<Outcome> {
  const program = spawnProgram(new URL(`../${name}`, import.meta.url));
  const { code, stdout, stderr } = await within(LIMIT, program.exited, `the end of ${name}`);
  return { code, lines: linesOf(stdout), stderr };
}

/** What an example prints when nothing goes wrong; anything else is an error. */
export async function linesOfExample(name: string): Promise<string[]> {
  const { code, lines, stderr } = await runExample(name);
  if (code !== 0 || stderr !== '') {
    throw new Error(`${name} ended with ${code}\n${lines.join('\n')}\n${stderr}`);
  }
  return lines;
}

function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
