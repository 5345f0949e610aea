import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  eventually,
  type ProgramOptions,
  type SpawnedProgram,
  spawnProgram,
  within,
} from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import { cleanUp } from './run-example.js';

const QUICKSTART = new URL('../quickstart/main.js', import.meta.url);

const STAND_STILL = new URL('fixtures/stand-still.js', import.meta.url);

/** Large enough for each process to get a part, and no test changes what is in it. */
const FOLDER = fileURLToPath(new URL('../../node_modules/vitepress', import.meta.url));

/** Only ends what hangs. */
const LIMIT = 60_000;

/** The quickstart, in which the main process or the workers get no further than their first file. */
function standsStill(who: 'main' | 'workers', options: ProgramOptions = {}): SpawnedProgram {
  return spawnProgram(QUICKSTART, [FOLDER], {
    ...options,
    execArgv: ['--import', STAND_STILL.href],
    env: { STILL_BELOW: FOLDER, STILL_WHO: who },
  });
}

cleanUp();

describe('the quickstart', () => {
  it('counts the same in one process and in several', async () => {
    const program = spawnProgram(QUICKSTART, [FOLDER]);
    const { code, stdout, stderr } = await within(LIMIT, program.exited, 'the end');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^the results are equal$/m);
    expect(code).toBe(0);
  });

  it.each([
    ['in one process', /^one process:/, 'main'],
    ['in several processes', /^\d+ processes:/, 'workers'],
  ] as const)(
    'ends, and leaves nothing behind, on Ctrl-C while it counts %s',
    async (_, phase, who) => {
      const program = standsStill(who, { detached: true });
      await within(LIMIT, program.line(phase), 'the phase');
      // A terminal sends it to the whole process group.
      process.kill(-program.pid, 'SIGINT');
      const { code, signal, stdout } = await within(LIMIT, program.exited, 'the end');
      expect(code === 130 || signal === 'SIGINT').toBe(true);
      expect(stdout).not.toContain('the results are equal');
    },
  );

  it('leaves nothing behind when it is killed while several processes count', async () => {
    const program = standsStill('workers');
    await within(LIMIT, program.line(/^\d+ processes:/), 'the phase');
    const children = `/proc/${program.pid}/task/${program.pid}/children`;
    await eventually(() => readFileSync(children, 'utf8') !== '', LIMIT, 'the processes');
    // What is left is found after each test.
    const { signal, stdout } = await program.kill('SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(stdout).not.toContain('the results are equal');
  });
});
