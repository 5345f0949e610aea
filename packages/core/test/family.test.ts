import { existsSync } from 'node:fs';
import { eventually, Leftovers, reapAll, spawnProgram } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { program, runRoot } from './fixtures/family-spawn.js';

afterEach(reapAll);

type Failure = { code: string; message: string };

function root<Result>(
  args: string | readonly string[],
  options?: Parameters<typeof runRoot>[2],
): Promise<Result> {
  return runRoot<Result>('family-roots.js', typeof args === 'string' ? [args] : args, options);
}

describe('a family', () => {
  it('is founded when it is first needed, in process memory of 1 GiB', async () => {
    const told = await root<{ id: string }>('kind');
    expect(told).toMatchObject({ before: false, joined: true, kind: 'process', size: 2 ** 30 });
    expect((await root<{ id: string }>('kind')).id).not.toBe(told.id);
  });

  it('is what MULTIPROC_MEMORY and MULTIPROC_ARENA_SIZE say', async () => {
    const env = { MULTIPROC_MEMORY: 'thread', MULTIPROC_ARENA_SIZE: '3000000' };
    expect(await root('kind', { env })).toMatchObject({ kind: 'thread', size: 46 * 65_536 });
  });

  it('is refused when a variable is wrong, which is named', async () => {
    const exit = await spawnProgram(program('family-roots.js'), ['kind'], {
      env: { MULTIPROC_MEMORY: 'banana' },
    }).exited;
    expect(exit.code).toBe(1);
    expect(exit.stderr).toMatch(/MULTIPROC_MEMORY must be 'process' or 'thread', but is 'banana'/);
  });

  it('is what configure() says, and cannot be configured once it exists', async () => {
    type Told = { size: number; kind: string; late: Failure };
    const told = await root<Told>('configured');
    expect(told).toMatchObject({ size: 2 ** 21, kind: 'thread', late: { code: 'ERR_FAMILY' } });
    expect(told.late.message).toMatch(/exists already: call configure\(\) before/);
    const later = await root<Told>('configuredTwice');
    expect(later).toMatchObject({ size: 2 ** 21, kind: 'process', late: { code: 'ERR_FAMILY' } });
  });

  it('is what configure() says where the environment asks for thread memory', async () => {
    const env = { MULTIPROC_MEMORY: 'thread' };
    expect(await root('configured', { env })).toMatchObject({ size: 2 ** 21, kind: 'thread' });
    expect(await root('configuredTwice', { env })).toMatchObject({ kind: 'process' });
    expect(await root('configuredLate', { env })).toMatchObject({ code: 'ERR_FAMILY' });
  });

  it('is not changed by options that are refused', async () => {
    const { bad, size } = await root<{ bad: Failure; size: number }>('badOptions');
    expect(bad.code).toBe('ERR_OUT_OF_RANGE');
    expect(size).toBe(2 ** 30);
  });

  it('is joined by the workers of the user, before and after it exists, and by theirs', async () => {
    const { ids, own, sum } = await root<{ ids: string[]; own: string; sum: number }>('workers');
    expect(ids).toEqual([own, own, own]);
    expect(sum).toBe(3);
  });

  it('in thread memory is joined by workers all the same', async () => {
    const env = { MULTIPROC_MEMORY: 'thread' };
    const { ids, own, sum } = await root<{ ids: string[]; own: string; sum: number }>('workers', {
      env,
    });
    expect(ids).toEqual([own, own, own]);
    expect(sum).toBe(3);
  });

  it('may be founded by a worker', async () => {
    expect(await root('founder')).toEqual({ same: true, kind: 'process' });
  });

  it('is mapped once in each process, with 20 workers too, and these leave no place behind', async () => {
    expect(await root('mappings')).toEqual({ mappings: 1, sum: 20, tenants: 1 });
  });

  it('is founded by another thread when one is terminated while it founds it', async () => {
    expect(await root('opening')).toBeNull();
  });

  it('keeps its file open when the worker that joined first ends, and hands it to no other program', async () => {
    const told = await root<{ lead: string }>('inherited');
    expect(told.lead).toContain('/memfd:multiproc');
    expect(told).toMatchObject({ open: 1, hasLeaked: [false, false], isStranger: true });
  });

  it('still has an agent in exit handlers of the user', async () => {
    expect(await root('leaving')).toEqual({ isGone: false, value: 1 });
  });

  it.each(['empty', 'text'])(
    'is not taken from a file that is no arena (%s), nor the second time',
    async (what) => {
      const exit = await spawnProgram('/bin/sh', [], {
        execPath: '/bin/sh',
        execArgv: [
          '-c',
          'f=$(mktemp); exec 3<>"$f"; rm "$f"; exec "$0" "$1" notAnArena "$2"',
          process.execPath,
          program('family-roots.js'),
          what,
        ],
      }).exited;
      const failures = JSON.parse(exit.stdout) as Failure[];
      expect(failures.map(({ code }) => code)).toEqual(['ERR_FAMILY', 'ERR_FAMILY']);
      expect(failures[0]?.message).toMatch(/not a multiproc arena/);
    },
  );
});

describe('where koffi cannot be loaded', () => {
  const execArgv = ['--no-addons'];

  it('thread memory is chosen, and works between threads', async () => {
    expect(await root('fallback', { execArgv })).toEqual(['thread', 'thread', 1]);
  });

  it('process memory is refused, saying why and what else there is', async () => {
    const env = { MULTIPROC_MEMORY: 'process' };
    const { code, message } = await root<Failure>('fails', { execArgv, env });
    expect(code).toBe('ERR_FAMILY');
    expect(message).toMatch(/koffi cannot be loaded.*Install the optional dependency koffi/s);
    expect(message).toMatch(/configure\(\{ memory: 'thread' \}\)/);
  });

  it('a thread that was there before a worker chose thread memory is told what to do', async () => {
    const { kind, main } = await root<{ kind: string; main: Failure }>('lateThreads', { execArgv });
    expect(kind).toBe('thread');
    expect(main.message).toMatch(/call configure\(\).*before starting workers/);
  });
});

it('kill -9 of every process of a family leaves nothing behind', async () => {
  const leftovers = new Leftovers();
  const dying = spawnProgram(program('family-crowd.js'));
  const pids = JSON.parse(await dying.line('[')) as number[];
  expect(pids.length).toBe(4);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await dying.exited;
  await eventually(() => pids.every((pid) => !existsSync(`/proc/${pid}`)), 20_000, 'all are gone');
  await eventually(() => leftovers.list().length === 0, 20_000, 'nothing is left');
});
