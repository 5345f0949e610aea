import { eventually, Leftovers, reapAll, spawnProgram, within } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';

const LIMIT = 20_000;
const program = new URL('./fixtures/programs/leaves-calls.js', import.meta.url);
const leftovers = new Leftovers();

afterEach(reapAll);

const start = (how: string, kind: string) =>
  spawnProgram(program, [how, kind], { execArgv: ['--expose-gc'] });

const nothingIsLeft = () =>
  eventually(() => leftovers.list().length === 0, LIMIT, `gone: ${leftovers.list()}`);

describe.each(['processes', 'threads'])('a program with an executor of %s', (kind) => {
  it('ends when all calls are over, although the executor was forgotten [200, 208, 212]', async () => {
    const run = start('forgets', kind);
    expect(await within(LIMIT, run.exited, 'the end')).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('result 49');
    await nothingIsLeft();
  });

  it('ends when all calls are over after shutdown without waiting [206, 208, 212]', async () => {
    const run = start('shuts down', kind);
    expect(await within(LIMIT, run.exited, 'the end')).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('ERR_EXECUTOR_SHUTDOWN');
    expect(run.stdout).toContain('result 49');
    expect(run.stdout).not.toContain('ABANDONED');
    await nothingIsLeft();
  });

  it('leaves no worker behind when it is killed', async () => {
    const run = start('is killed', kind);
    await within(LIMIT, run.line(/^ready/), 'the call runs');
    await run.kill('SIGKILL');
    await nothingIsLeft();
  });
});
