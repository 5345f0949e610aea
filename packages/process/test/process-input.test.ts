import { createServer, Socket } from 'node:net';
import { currentFamily, isMultiprocError } from '@multiproc/core';
import {
  activeChildren,
  currentProcess,
  getContext,
  getStartMethod,
  Process,
  type ProcessOptions,
  setExecutable,
  setStartMethod,
} from '@multiproc/process';
import { describe, expect, it } from 'vitest';
import * as targets from './fixtures/targets.js';

function errorOf(action: () => unknown): Error & { code: string } {
  try {
    action();
  } catch (error) {
    expect(isMultiprocError(error)).toBe(true);
    return error as Error & { code: string };
  }
  throw new Error('nothing was thrown');
}

describe('options of the wrong type are refused with their name and the value', () => {
  it.each<[string, unknown, string, string]>([
    ['options', 5, 'ERR_INVALID_ARG_TYPE', 'options must be an object, but is 5'],
    ['options', [], 'ERR_INVALID_ARG_TYPE', 'options must be an object, but is []'],
    ['target', { target: 'work' }, 'ERR_INVALID_ARG_TYPE', "but is 'work'"],
    [
      'target',
      { target: {} },
      'ERR_INVALID_ARG_TYPE',
      "options.target must be a function, or { module: new URL('./work.js', import.meta.url), name: 'work' }, but is {}",
    ],
    [
      'target',
      { target: { module: './work.js' } },
      'ERR_OUT_OF_RANGE',
      "for example new URL('./work.js', import.meta.url), but is './work.js'",
    ],
    [
      'target',
      { target: { module: 7 } },
      'ERR_INVALID_ARG_TYPE',
      'options.target.module must be a URL',
    ],
    [
      'args',
      { args: 5 },
      'ERR_INVALID_ARG_TYPE',
      'options.args must be an array or another iterable, but is 5',
    ],
    ['args', { args: 'abc' }, 'ERR_INVALID_ARG_TYPE', "but is 'abc'"],
    [
      'kwargs',
      { kwargs: 'abc' },
      'ERR_INVALID_ARG_TYPE',
      "options.kwargs must be an object, but is 'abc'",
    ],
    ['name', { name: 5 }, 'ERR_INVALID_ARG_TYPE', 'options.name must be a string, but is 5'],
    [
      'daemon',
      { daemon: 'yes' },
      'ERR_INVALID_ARG_TYPE',
      "options.daemon must be a boolean, but is 'yes'",
    ],
    ['env', { env: 'A=1' }, 'ERR_INVALID_ARG_TYPE', "options.env must be an object, but is 'A=1'"],
    [
      'execArgv',
      { execArgv: '--x' },
      'ERR_INVALID_ARG_TYPE',
      "options.execArgv must be an array of strings, but is '--x'",
    ],
    [
      'resourceLimits',
      { resourceLimits: 64 },
      'ERR_INVALID_ARG_TYPE',
      'options.resourceLimits must be an object, but is 64',
    ],
    [
      'resourceLimits',
      { resourceLimits: { maxOldGenerationSizeMb: '64' } },
      'ERR_INVALID_ARG_TYPE',
      "options.resourceLimits.maxOldGenerationSizeMb must be a number of megabytes above 0, but is '64'",
    ],
    ...[Number.NaN, 0, -1, Number.POSITIVE_INFINITY].map(
      (stackSizeMb): [string, unknown, string, string] => [
        'resourceLimits',
        { resourceLimits: { stackSizeMb } },
        'ERR_OUT_OF_RANGE',
        `options.resourceLimits.stackSizeMb must be a number of megabytes above 0, but is ${stackSizeMb}`,
      ],
    ),
    ['execArgv', { execArgv: [1] }, 'ERR_INVALID_ARG_TYPE', 'but is [ 1 ]'],
    ['startMethod', { startMethod: 'fork' }, 'ERR_START_METHOD', "there is no start method 'fork'"],
  ])('%s: %o', (_, options, code, message) => {
    const error = errorOf(() => new Process(options as ProcessOptions));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it.each<[string, (process: Process) => unknown, string]>([
    ['name', (p) => (p.name = 5 as never), 'name must be a string, but is 5'],
    ['daemon', (p) => (p.daemon = 1 as never), 'daemon must be a boolean, but is 1'],
    [
      'authKey',
      (p) => (p.authKey = 'secret' as never),
      "authKey must be a Uint8Array, but is 'secret'",
    ],
    [
      'grace',
      (p) => p.terminate({ grace: '1' as never }),
      "options.grace must be a number of milliseconds from 0, but is '1'",
    ],
    ['grace', (p) => p.terminate({ grace: -1 }), 'but is -1'],
    ['grace', (p) => p.terminate({ grace: Number.NaN }), 'but is NaN'],
  ])('%s of a process', (_, action, message) => {
    expect(errorOf(() => action(new Process())).message).toContain(message);
  });

  it('path of setExecutable [30]', () => {
    expect(errorOf(() => setExecutable(5 as never)).message).toContain('but is 5');
  });
});

describe('a call in the wrong state is refused [234, 235]', () => {
  it.each<[string, (process: Process) => unknown]>([
    ['joinSync', (p) => p.joinSync()],
    ['terminate', (p) => p.terminate()],
    ['kill', (p) => p.kill()],
    ['interrupt', (p) => p.interrupt()],
    ['sentinel', (p) => p.sentinel],
  ])('%s before the start, and for the current process', (call, action) => {
    const error = errorOf(() => action(new Process({ name: 'new' })));
    expect(error.code).toBe('ERR_PROCESS_STATE');
    expect(error.message).toBe(`${call} cannot be called before new has been started`);
    const own = errorOf(() => action(currentProcess()));
    expect(own.code).toBe('ERR_PROCESS_STATE');
    expect(own.message).toContain(`${call} cannot be called for the current process`);
  });

  it('join rejects in the same way', async () => {
    const refusal = expect.objectContaining({ code: 'ERR_PROCESS_STATE' });
    await expect(new Process().join()).rejects.toThrow(refusal);
    await expect(currentProcess().join()).rejects.toThrow(refusal);
  });

  it('start, a second time; daemon, after the start; impossible time-outs', async () => {
    const process = new Process({ startMethod: 'thread', name: 'twice' });
    process.start();
    expect(errorOf(() => process.start()).message).toContain('twice has been started');
    const daemon = errorOf(() => {
      process.daemon = true;
    });
    expect(daemon.message).toContain('set daemon before start()');
    expect(errorOf(() => process.joinSync({ timeout: Number.NaN })).code).toBe('ERR_OUT_OF_RANGE');
    expect(errorOf(() => process.run()).code).toBe('ERR_PROCESS_STATE');
    await process.join();
    expect(process.exitCode).toBe(0);
  });

  it('start and close of the current process', () => {
    expect(errorOf(() => currentProcess().start()).code).toBe('ERR_PROCESS_STATE');
    expect(errorOf(() => currentProcess().close()).code).toBe('ERR_PROCESS_STATE');
  });
});

describe('start() refuses what cannot travel, before anything is changed [239]', () => {
  const local = () => {};
  const server = createServer();
  it.each<[string, ProcessOptions, string, string]>([
    ['a closure', { target: () => {} }, 'ERR_NOT_EXPORTED', 'process-input.test.ts'],
    ['a local function', { target: local }, 'ERR_NOT_EXPORTED', 'local'],
    ['a bound function', { target: targets.empty.bind(null) }, 'ERR_NOT_EXPORTED', 'bound'],
    [
      'a function argument',
      { target: targets.empty, args: [1, { on: local }] },
      'ERR_ENCODE',
      'args[1].on',
    ],
    ['a promise', { target: targets.empty, args: [Promise.resolve()] }, 'ERR_ENCODE', 'args[0]'],
    ['a symbol', { target: targets.empty, kwargs: { s: Symbol('s') } }, 'ERR_ENCODE', 'kwargs.s'],
    [
      'a Process',
      { target: targets.empty, args: [new Process()] },
      'ERR_ENCODE',
      'args[0] cannot travel to another agent: it is a Process, which only the thread that made it',
    ],
    [
      'a subclass of Process',
      { target: targets.empty, args: [new targets.Wrapper()] },
      'ERR_ENCODE',
      'it is a Wrapper, which only the thread that made it',
    ],
    [
      'an unconnected socket',
      { target: targets.empty, args: [new Socket()] },
      'ERR_ENCODE',
      'not connected',
    ],
    [
      'a server that does not listen',
      { target: targets.empty, args: [server] },
      'ERR_ENCODE',
      'does not listen',
    ],
  ])('%s', (_, options, code, message) => {
    const { table, arena } = currentFamily();
    const before = [[...table.tenants()], arena.used];
    for (const startMethod of ['spawn', 'thread'] as const) {
      const process = new Process({ ...options, startMethod });
      const error = errorOf(() => process.start());
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
      expect(process.isAlive()).toBe(false);
      expect(activeChildren()).toEqual([]);
    }
    expect([[...table.tenants()], arena.used]).toEqual(before);
  });

  it('a property of a subclass', () => {
    const error = errorOf(() => new targets.Unsendable().start());
    expect(error.message).toContain('this.callback cannot travel');
    expect((error as unknown as { path: string }).path).toBe('this.callback');
  });

  it('a subclass that is not exported', () => {
    class Local extends Process {
      override run() {}
    }
    expect(errorOf(() => new Local().start()).code).toBe('ERR_NOT_EXPORTED');
  });

  it('and the process may be started when the argument has been mended', async () => {
    const argument: { on?: unknown } = { on: local };
    const process = new Process({ target: targets.empty, args: [argument], startMethod: 'thread' });
    expect(errorOf(() => process.start()).code).toBe('ERR_ENCODE');
    delete argument.on;
    process.start();
    await process.join();
    expect(process.exitCode).toBe(0);
  });
});

describe('what cannot be started', () => {
  it('is an error of start(), and leaves nothing behind', () => {
    const { table, arena } = currentFamily();
    const before = [[...table.tenants()], arena.used];
    setExecutable('/nowhere/node');
    const spawned = new Process({ startMethod: 'spawn' });
    const error = errorOf(() => spawned.start());
    setExecutable(process.execPath);
    expect(error.code).toBe('ERR_PROCESS_START');
    expect(error.message).toContain('/nowhere/node cannot be run');
    const thread = new Process({ startMethod: 'thread', execArgv: ['--no-such-option'] });
    expect(errorOf(() => thread.start()).code).toBe('ERR_PROCESS_START');
    expect([[...table.tenants()], arena.used]).toEqual(before);
    expect(activeChildren()).toEqual([]);
  });

  it('ends the child with code 1 when only the child can know', async () => {
    const module = new URL('./fixtures/targets.js', import.meta.url);
    const references = [
      { module, name: 'missing' },
      { module, name: 'notAFunction' },
    ];
    for (const target of references) {
      for (const startMethod of ['spawn', 'thread'] as const) {
        const process = new Process({ target, startMethod });
        process.start();
        await process.join();
        expect(process.exitCode).toBe(1);
      }
    }
  });
});

describe('start methods', () => {
  it('that do not exist are refused', () => {
    for (const action of [
      () => getContext('fork' as never),
      () => setStartMethod('fork' as never),
    ]) {
      const error = errorOf(action);
      expect(error.code).toBe('ERR_START_METHOD');
      expect(error.message).toContain("there is no start method 'fork'");
    }
  });

  it('can be chosen once, are fixed by asking, and belong to a context for good', () => {
    setStartMethod(null, { force: true });
    expect(getStartMethod({ allowNone: true })).toBeNull();
    setStartMethod('thread');
    expect(errorOf(() => setStartMethod('spawn')).code).toBe('ERR_START_METHOD');
    expect(getStartMethod()).toBe('thread');
    setStartMethod('spawn', { force: true });
    expect(getStartMethod()).toBe('spawn');
    setStartMethod(null, { force: true });
    expect(getContext().getStartMethod()).toBe(getStartMethod());
    expect(errorOf(() => setStartMethod('thread')).message).toContain('is spawn already');
    const context = getContext('thread');
    expect(errorOf(() => context.setStartMethod('spawn')).code).toBe('ERR_START_METHOD');
    expect(context.getContext()).toBe(context);
    expect(context.getContext('spawn').getStartMethod()).toBe('spawn');
  });
});
