import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { elapsed, eventually, spawnProgram, within } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import { cleanUp } from './run-example.js';

const QUICKSTART = new URL('../quickstart/main.js', import.meta.url);

/** Large enough for each process to get a part, and no test changes what is in it. */
const FOLDER = fileURLToPath(new URL('../../node_modules/vitepress', import.meta.url));

/** Only ends what hangs. */
const LIMIT = 60_000;

/** Within this a program that hears Ctrl-C has ended, also on a busy machine. */
const SOON = 4000;

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
    ['in one process', /^one process:/],
    ['in several processes', /^\d+ processes:/],
  ])('ends soon, and leaves nothing behind, on Ctrl-C while it counts %s', async (_, phase) => {
    const program = spawnProgram(QUICKSTART, [FOLDER], { detached: true });
    await within(LIMIT, program.line(phase), 'the phase');
    // A terminal sends it to the whole process group.
    process.kill(-program.pid, 'SIGINT');
    const { result, milliseconds } = await elapsed(() => program.exited);
    expect(result.code === 130 || result.signal === 'SIGINT').toBe(true);
    expect(result.stdout).not.toContain('the results are equal');
    expect(milliseconds).toBeLessThan(SOON);
  });

  it('leaves nothing behind when it is killed while several processes count', async () => {
    const program = spawnProgram(QUICKSTART, [FOLDER]);
    const children = `/proc/${program.pid}/task/${program.pid}/children`;
    await eventually(() => readFileSync(children, 'utf8') !== '', LIMIT, 'the processes');
    // What is left is found after each test.
    const { signal, stdout } = await program.kill('SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(stdout).not.toContain('the results are equal');
  });
});
