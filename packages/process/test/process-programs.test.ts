import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  eventually,
  Leftovers,
  reapAll,
  type SpawnedProgram,
  spawnProgram,
  within,
} from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';

const LIMIT = 20_000;
const METHODS = ['spawn', 'thread'] as const;
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

const leftovers = new Leftovers();

afterEach(async () => {
  await reapAll();
  await eventually(() => leftovers.list().length === 0, LIMIT, 'nothing is left behind');
});

// Without the repository's own configuration, whose paths lead to the sources of the packages.
const TSX_TSCONFIG_PATH = fileURLToPath(
  new URL('./fixtures/programs/tsconfig.json', import.meta.url),
);

function program(name: string, args: string[], execArgv: string[] = []): SpawnedProgram {
  const file = new URL(`./fixtures/programs/${name}`, import.meta.url);
  return spawnProgram(file, args, { execArgv, env: { TSX_TSCONFIG_PATH } });
}

const end = (started: SpawnedProgram) => within(LIMIT, started.exited, 'the end of the program');

function family(task: string, method: string): SpawnedProgram {
  return program('family.js', [task, method]);
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.each(METHODS)('a program that starts processes by %s', (method) => {
  it('may export its own target, when it guards the start [37]', async () => {
    const { code, stdout, stderr } = await end(program('guarded.js', [method]));
    const meta = Number.parseInt(process.versions.node, 10) >= 22;
    expect(stdout.split('\n')).toEqual([
      `imported: main true, argv true, meta ${meta}`,
      'imported: main false, argv false, meta false',
      `works: well, main false, args ${method}`,
      'ended with 0',
      '',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('is told what to do when it does not guard the start [36]', async () => {
    const { stdout, stderr, code } = await end(program('unguarded.js', [method]));
    expect(stdout.split('\n')).toEqual(['starts', 'starts', 'ended with 1', '']);
    expect(stderr).toContain('BootstrapError');
    expect(stderr).toContain('if (isMainProcess()) { … }');
    expect(code).toBe(0);
  });

  it('may be CommonJS, guarded by require.main [37]', async () => {
    const { stdout, stderr } = await end(program('required.cjs', [method]));
    expect(stdout.split('\n')).toEqual(['works: well, main false', 'ended with 0', '']);
    expect(stderr).toBe('');
  });

  it('may be TypeScript under tsx', async () => {
    const { stdout, stderr } = await end(program('typed.ts', [method], ['--import', tsx]));
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual(['works: true', 'ended with 0', '']);
  });

  it.runIf(stripsTypes)('may be TypeScript that Node strips', async () => {
    const { stdout } = await end(program('stripped.ts', [method]));
    expect(stdout.split('\n')).toEqual(['works: stripped', 'ended with 0', '']);
  });

  it('may be given on the command line, and is not run again in the child', async () => {
    const process = fileURLToPath(import.meta.resolve('@multiproc/process'));
    const target = new URL('./fixtures/programs/members.js', import.meta.url).href;
    const code = `
      console.log('once');
      const { Process } = await import(${JSON.stringify(pathToFileURL(process).href)});
      const target = { module: ${JSON.stringify(target)}, name: 'print' };
      const child = new Process({ target, args: ['printed'], startMethod: '${method}' });
      child.start();
      await child.join();`;
    const started = spawnProgram('-e', [code], { execArgv: ['--input-type=module'] });
    const { stdout } = await end(started);
    expect(stdout.split('\n')).toEqual(['once', 'printed', '']);
  });

  it('loses no output when it blocks and exits', async () => {
    const { stdout, stderr, code } = await end(family('blocksAndExits', method));
    expect(stdout).toBe('from the child\n');
    expect(stderr).toBe('from the child, on stderr\n');
    expect(code).toBe(0);
  });

  it('loses nothing of a large output either', async () => {
    const { stdout } = await end(family('printsMuch', method));
    expect(stdout).toBe(`${'x'.repeat(300_000)}END\n`);
  });

  it.each(['fails', 'failsBlocked'])(
    '%s: an uncaught error is printed once, with its stack [27]',
    async (task) => {
      const { stdout, stderr, code } = await end(family(task, method));
      expect(stdout).toBe('ended with 1\n');
      expect(occurrences(stderr, 'TypeError: on purpose')).toBe(1);
      expect(stderr).toMatch(/at .*fail.*members\.js:\d+:\d+/);
      expect(code).toBe(0);
    },
  );

  it('hears of a module that cannot be imported', async () => {
    const { stdout, stderr } = await end(family('importFails', method));
    expect(stdout).toBe('ended with 1\n');
    expect(stderr).toContain('broken while it is imported');
    expect(stderr).toContain('broken.js');
  });

  it('hears what a target is that is no function', async () => {
    const { stdout, stderr } = await end(family('targetsAreNone', method));
    expect(stdout).toBe('ended with 1,1\n');
    expect(stderr).toContain('members.js is to be run, so it must be a function, but is 42');
    expect(stderr).toContain('conditional.cjs exports work, but here that is undefined');
  });

  it('hears of a module whose top-level await never settles', async () => {
    const { stdout, stderr } = await end(family('importNeverEnds', method));
    expect(stdout).toBe('ended with 13\n');
    expect(stderr).toMatch(/^Process-1 ended before its target was called: the import of file:/);
    expect(stderr).toContain('unsettled.js never finished');
    expect(occurrences(stderr, 'Process-1')).toBe(1);
  });

  it('stays until children that are no daemons have ended', async () => {
    const { stdout, code } = await end(family('returnsEarly', method));
    expect(stdout).toBe('later\nends\n');
    expect(code).toBe(0);
  });

  it('does not stay for them when it fails: processes go on alone, threads end with it', async () => {
    const started = family('failsWithChild', method);
    await within(LIMIT, started.line('watches'), 'the child watches');
    const last = started.line('the parent has ended');
    started.write('go\n');
    if (method === 'spawn') await within(LIMIT, last, 'the child has gone on');
    else await expect(last).rejects.toThrow('ended (code 1)');
    expect((await end(started)).code).toBe(1);
  });

  it.each([
    ['exitsWithDaemons', 0],
    ['endsWithDaemons', 0],
    ['throwsWithDaemons', 1],
  ])('%s: its daemons end with it, and may say farewell [241]', async (task, expected) => {
    const started = family(task, method);
    for (const line of ['spins', 'spins as well', 'acquires', 'is ready']) {
      await within(LIMIT, started.line(new RegExp(`^${line}$`)), line);
    }
    started.write('go\n');
    const { code, stdout } = await end(started);
    expect(code).toBe(expected);
    const took = Number(/^took (.*) ms$/m.exec(stdout)?.[1]);
    expect(took).toBeGreaterThan(0);
    // They are given a second; one that gets no processor for so long says nothing.
    if (took < 999) expect(stdout).toContain('farewell');
  });

  it('is the same process in threads that it makes by itself', async () => {
    const { stdout } = await end(family('ownThread', method));
    expect(stdout).toContain('from a child of a thread');
    const told = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
    expect(told).toMatchObject({ name: 'MainProcess', isMain: true, sameKey: true, exitCode: 0 });
  });

  it('joins on after signals that its listeners handle [32]', async () => {
    const started = family('joinsUnderSignals', method);
    await within(LIMIT, started.line('joins'), 'the program joins');
    process.kill(started.pid, 'SIGUSR2');
    const { stdout } = await end(started);
    expect(stdout).toContain('joined true with 0');
    expect(stdout).toContain('child ends');
  });

  it('ends with all its descendants on Ctrl-C', async () => {
    const file = new URL('./fixtures/programs/family.js', import.meta.url);
    const started = spawnProgram(file, ['idles', method], { detached: true });
    await within(LIMIT, started.line('idles'), 'the grandchild idles');
    process.kill(-started.pid, 'SIGINT');
    const { signal, stderr } = await end(started);
    expect(signal).toBe('SIGINT');
    expect(stderr).toBe('');
  });

  it('needs no stdout [23]', async () => {
    const started = family('returnsEarly', method);
    started.child.stdout?.destroy();
    await eventually(() => started.child.exitCode !== null, LIMIT, 'the end of the program');
  });
});
