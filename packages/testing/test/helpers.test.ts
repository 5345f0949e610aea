import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  combinations,
  elapsed,
  eventually,
  Leftovers,
  reapAll,
  SeededRandom,
  spawnProgram,
  spawnThread,
  within,
} from '@multiproc/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const talker = new URL('./fixtures/talker.js', import.meta.url);

afterEach(reapAll);

describe('spawnProgram', () => {
  it('collects output and exit code', async () => {
    const exit = await spawnProgram(talker, ['exit']).exited;
    expect(exit).toMatchObject({ code: 3, signal: null, stdout: 'ready\n' });
    expect(exit.stderr).toBe('order: exit\n');
  });

  it('waits for a line, whether it has come already or not', async () => {
    const program = spawnProgram(talker, ['stay']);
    expect(await program.line('rea')).toBe('ready');
    expect(await program.line(/^ready$/)).toBe('ready');
  });

  it('says what the program printed when it ends without the line', async () => {
    const program = spawnProgram(talker, ['exit']);
    await expect(program.line('never')).rejects.toThrow(
      /ended \(code 3\) without the line 'never'[\s\S]*order: exit/,
    );
    await expect(program.line('never')).rejects.toThrow("without the line 'never'");
  });

  it('waits for lines of descendants that outlive the program', async () => {
    const program = spawnProgram(talker, ['leave']);
    const heir = Number((await program.line('heir ')).slice('heir '.length));
    const late = program.line('late');
    expect((await program.exited).code).toBe(0);
    process.kill(heir, 'SIGTERM');
    expect(await late).toBe('late');
    await expect(program.line('never')).rejects.toThrow("without the line 'never'");
  });

  it('kills with any signal', async () => {
    const program = spawnProgram(talker, ['stay']);
    await program.line('ready');
    expect(await program.kill('SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('hands over environment and options of Node', async () => {
    const program = spawnProgram(talker, ['exit'], {
      env: { NODE_OPTIONS: '--no-warnings' },
      execArgv: ['--import', 'data:text/javascript,console.log(process.env.NODE_OPTIONS)'],
    });
    expect((await program.exited).stdout).toContain('--no-warnings');
  });

  it('reports a program that cannot be started', async () => {
    const exit = await spawnProgram(talker, [], { execPath: '/no/such/node' }).exited;
    expect(exit).toMatchObject({ code: null, error: { code: 'ENOENT' } });
  });
});

describe('spawnThread', () => {
  it('collects output, messages and exit code', async () => {
    const thread = spawnThread(talker, { order: 'post' });
    expect(await thread.message()).toEqual({ got: { order: 'post' } });
    expect(await thread.exited).toMatchObject({ code: 0, error: undefined, stdout: 'ready\n' });
  });

  it('reports what a thread threw', async () => {
    const exit = await spawnThread(talker, { order: 'throw' }).exited;
    expect(exit).toMatchObject({ code: 1, error: { message: 'as ordered' } });
  });

  it('terminates a thread', async () => {
    const thread = spawnThread(talker, { order: 'stay' });
    await thread.line('ready');
    expect(await thread.kill()).toMatchObject({ code: 1 });
  });
});

describe('reapAll', () => {
  it('ends every program and thread that still runs', async () => {
    const program = spawnProgram(talker, ['stay']);
    const thread = spawnThread(talker, { order: 'stay' });
    await reapAll();
    expect(program.exit?.signal).toBe('SIGKILL');
    expect(thread.exit).toBeDefined();
  });
});

describe('Leftovers', () => {
  it('finds a file in the temporary folder by its prefix', () => {
    const prefix = `test-of-leftovers-${process.pid}`;
    const leftovers = new Leftovers({ prefix });
    const file = join(tmpdir(), `${prefix}-file`);
    writeFileSync(file, '');
    try {
      expect(leftovers.list()).toEqual([`file ${file}`]);
    } finally {
      rmSync(file);
    }
    expect(leftovers.list()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'finds children, and orphans whose parent was killed',
    async () => {
      const leftovers = new Leftovers();
      const program = spawnProgram(talker, ['orphan']);
      const pid = Number((await program.line('child ')).slice('child '.length));
      try {
        expect(
          leftovers.list().filter((one) => one.includes(`process ${program.pid}:`)),
        ).toHaveLength(1);
        await program.kill('SIGKILL');
        await eventually(() => leftovers.list().length === 1, 20_000, 'only the orphan is left');
        expect(leftovers.list()[0]).toMatch(`process ${pid}:`);
      } finally {
        process.kill(pid, 'SIGKILL');
      }
      await eventually(() => leftovers.list().length === 0, 20_000, 'the orphan is gone');
    },
  );
});

describe('SeededRandom', () => {
  it('repeats itself by its seed, and MP_SEED sets it', () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {});
    vi.stubEnv('MP_SEED', '42');
    try {
      const random = new SeededRandom('a test');
      const again = new SeededRandom('again', 42);
      const numbers = Array.from({ length: 100 }, () => random.integer(3, 5));
      expect(Array.from({ length: 100 }, () => again.integer(3, 5))).toEqual(numbers);
      expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
      expect(info.mock.calls).toEqual([['a test: MP_SEED=42']]);
    } finally {
      vi.unstubAllEnvs();
      info.mockRestore();
    }
  });

  it('shuffles without losing anything, and picks what is there', () => {
    const random = new SeededRandom('shuffle', 1);
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(random.shuffle(values)).not.toEqual(values);
    expect(random.shuffle(values).sort()).toEqual(values);
    expect(values).toContain(random.pick(values));
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('within', () => {
  it('passes values and errors on', async () => {
    await expect(within(1000, Promise.resolve(1), 'it')).resolves.toBe(1);
    await expect(within(1000, Promise.reject(new Error('no')), 'it')).rejects.toThrow('no');
  });

  it('names what hangs', async () => {
    const hanging = new Promise(() => {});
    await expect(within(5, hanging, 'the second agent gets the lock')).rejects.toThrow(
      'hangs: the second agent gets the lock did not happen within 5 ms',
    );
  });
});

describe('eventually', () => {
  it('looks again until it holds', async () => {
    let looks = 0;
    await eventually(() => ++looks === 3, 20_000, 'three looks');
    expect(looks).toBe(3);
  });

  it('names what never came true', async () => {
    await expect(eventually(() => false, 1, 'the moon is green')).rejects.toThrow(
      'not within 1 ms: the moon is green',
    );
  });
});

describe('elapsed', () => {
  it('measures async functions to their end', async () => {
    const wait = () => new Promise((resolve) => setTimeout(() => resolve('done'), 20));
    const { result, milliseconds } = await elapsed(wait);
    expect(result).toBe('done');
    expect(milliseconds).toBeGreaterThan(15);
  });
});

describe('combinations', () => {
  it('gives every combination once, with a title', () => {
    const all = combinations({ form: ['blocking', 'awaiting'], memory: ['thread', 'process'] });
    expect(all.map(({ title }) => title)).toEqual([
      'form=blocking memory=thread',
      'form=blocking memory=process',
      'form=awaiting memory=thread',
      'form=awaiting memory=process',
    ]);
    expect(all[2]).toMatchObject({ form: 'awaiting', memory: 'thread' });
  });
});
