import { eventually, Leftovers, reapAll, spawnProgram, within } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';

const LIMIT = 20_000;
const program = (name: string) => new URL(`./fixtures/programs/${name}.js`, import.meta.url);
const leftovers = new Leftovers();

afterEach(reapAll);

const nothingIsLeft = () =>
  eventually(() => leftovers.list().length === 0, LIMIT, `gone: ${leftovers.list()}`);

describe.each(['spawn', 'thread'] as const)('a program with a pool by %s', (startMethod) => {
  it('ends with code 0 although the pool is open, when it ends and by process.exit() [175]', async () => {
    for (const how of ['ends', 'exits']) {
      const run = spawnProgram(program('open-pool'), [how, startMethod]);
      expect(await within(LIMIT, run.exited, how)).toMatchObject({ code: 0 });
      expect(run.stdout).toContain('[ 1, 4, 9 ]');
      await nothingIsLeft();
    }
  });

  it('ends its workers when it throws or is killed', async () => {
    const thrown = spawnProgram(program('open-pool'), ['throws', startMethod]);
    expect(await within(LIMIT, thrown.exited, 'throws')).toMatchObject({ code: 1 });
    const killed = spawnProgram(program('open-pool'), ['waits', startMethod]);
    await within(LIMIT, killed.line(/^ready/), 'ready');
    await killed.kill('SIGKILL');
    await nothingIsLeft();
  });

  it('is ended by Ctrl-C once, quietly and without orphans', async () => {
    const run = spawnProgram(program('open-pool'), ['waits', startMethod]);
    const line = await within(LIMIT, run.line(/^ready/), 'ready');
    // A terminal sends it to every process of the program.
    const pids = new Set(line.split(' ')[1]?.split(',').map(Number));
    for (const pid of [...pids, run.pid]) process.kill(pid as number, 'SIGINT');
    expect(await within(LIMIT, run.exited, 'exited')).toMatchObject({ signal: 'SIGINT' });
    expect((run.stdout + run.stderr).split('\n').filter((text) => text !== '').length).toBe(2);
    await nothingIsLeft();
  });

  it('may decide itself what Ctrl-C means: its workers go on', async () => {
    const run = spawnProgram(program('open-pool'), ['handles', startMethod]);
    await within(LIMIT, run.line(/^ready/), 'ready');
    process.kill(run.pid, 'SIGINT');
    await within(LIMIT, run.line(/^ended/), 'ended');
    expect(run.stdout).toContain('25');
    expect(await within(LIMIT, run.exited, 'exited')).toMatchObject({ code: 0 });
    await nothingIsLeft();
  });

  it('is warned when it loses a pool that is running [169]', async () => {
    const options = { execArgv: ['--expose-gc'] };
    const run = spawnProgram(program('forgotten'), [startMethod], options);
    await within(LIMIT, run.line(/^MULTIPROC_POOL_ABANDONED/), 'the warning');
    expect(await within(LIMIT, run.exited, 'exited')).toMatchObject({ code: 0 });
    await nothingIsLeft();
  });

  it('that forgets its guard gets an error, and starts no processes without end [36]', async () => {
    const run = spawnProgram(program('unguarded'), [startMethod]);
    await within(LIMIT, run.exited, 'exited');
    expect(run.stdout).toContain('ERR_BOOTSTRAP');
    expect(run.stdout.match(/done/g)?.length).toBe(1);
    await nothingIsLeft();
  });
});
