import {
  importModule,
  loadedExport,
  locateFunction,
  parseReference,
  registerFunction,
} from '@multiproc/core';
import { describe, expect, it } from 'vitest';

const MODULE = 'data:text/javascript,export const work = () => 42; export class Job { run() {} }';
const fixture = (path: string) => new URL(`./fixtures/${path}`, import.meta.url).href;

describe('loadedExport', () => {
  it('asks to import a module that cannot be loaded without waiting', () => {
    const unseen = 'data:text/javascript,export const unseen = 1';
    expect(() => loadedExport(unseen, 'unseen')).toThrow(/not imported here yet.*await import\(/);
  });

  it('gives exports and their members of a module that was imported', async () => {
    await importModule(MODULE);
    expect((loadedExport(MODULE, 'work') as () => number)()).toBe(42);
    expect(loadedExport(MODULE, 'Job.prototype.run')).toBeTypeOf('function');
  });

  it('gives the same function back to the agent that located it', async () => {
    const namespace = (await importModule(MODULE)) as { work: () => number };
    const { module, name } = locateFunction(namespace.work);
    expect({ module, name }).toEqual({ module: MODULE, name: 'work' });
    expect(loadedExport(module, name)).toBe(namespace.work);
  });

  it('loads files and built-in modules that were not imported, without waiting', () => {
    expect(loadedExport('node:timers/promises', 'setTimeout')).toBeTypeOf('function');
    expect(loadedExport(fixture('modules-esm/wrapper.mjs'), 'traced')).toBeTypeOf('function');
    const whole = loadedExport(fixture('modules-cjs/whole.cjs'), 'default') as () => string;
    expect(whole()).toBe('whole');
  });

  it('sees exports of CommonJS that import does not, before and after an import', async () => {
    const url = fixture('modules-cjs/exported.cjs');
    expect(loadedExport(url, 'Job.create')).toBeTypeOf('function');
    await importModule(url);
    expect((loadedExport(url, 'computed') as () => string)()).toBe('computed');
  });

  it('lists the exports that there are when one is missing', async () => {
    await importModule(MODULE);
    expect(() => loadedExport(MODULE, 'job')).toThrow(
      /does not export job\. It exports Job, work\./,
    );
    expect(() => loadedExport(MODULE, 'Job.stop')).toThrow(/does not export Job\.stop/);
    expect(() => loadedExport(MODULE, 'default')).toThrow(/does not export default/);
  });
});

describe('an export without a value', () => {
  it('is told from one that is missing, in ES modules and CommonJS', async () => {
    const late = 'data:text/javascript,export let late';
    await importModule(late);
    expect(() => loadedExport(late, 'late')).toThrow(/exports late, but here that is undefined/);
    const conditional = fixture('modules-cjs/conditional.cjs');
    await importModule(conditional);
    expect(() => loadedExport(conditional, 'work')).toThrow(
      expect.objectContaining({
        code: 'ERR_NOT_EXPORTED',
        message: expect.stringMatching(
          /conditional\.cjs exports work, but here that is undefined.*isMainProcess\(\)/,
        ),
      }),
    );
  });
});

describe('importModule', () => {
  it('imports once for calls at the same time, and again after a failure', async () => {
    const url = 'data:text/javascript,export const token = {}';
    expect(importModule(url)).toBeInstanceOf(Promise);
    expect(await importModule(url)).toBe(await importModule(url));
    const missing = fixture('modules-esm/missing.mjs');
    await expect(importModule(missing)).rejects.toThrow(/missing\.mjs/);
    await expect(importModule(missing)).rejects.toThrow(/missing\.mjs/);
  });
});

describe('parseReference', () => {
  it('accepts URLs and absolute paths, and completes the name', () => {
    const module = new URL('file:///srv/work.js');
    expect(parseReference({ module }, 'target')).toEqual({ module: module.href, name: 'default' });
    expect(parseReference({ module: module.href, name: 'Job.run' }, 'target')?.name).toBe(
      'Job.run',
    );
    expect(parseReference({ module: '/srv/w%.js', name: 'a' }, 'target')?.module).toMatch(
      /^file:.*\/srv\/w%25\.js$/,
    );
  });

  it('leaves what is no reference to its caller', () => {
    for (const value of [undefined, null, 'file:///srv/work.js', () => 1, {}]) {
      expect(parseReference(value, 'target')).toBeUndefined();
    }
  });

  it('names the argument that is wrong, and shows it', () => {
    expect(() => parseReference({ module: 7 }, 'target')).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringMatching(/target\.module.*7/),
      }),
    );
    expect(() => parseReference({ module: './work.js' }, 'target')).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        message: expect.stringMatching(/target\.module.*import\.meta\.url.*'\.\/work\.js'/),
      }),
    );
    const module = 'file:///srv/work.js';
    expect(() => parseReference({ module, name: 1 }, 'initializer')).toThrow(/initializer\.name/);
    expect(() => parseReference({ module, name: '' }, 'initializer')).toThrow(/initializer\.name/);
  });
});

describe('registerFunction', () => {
  it('makes a function travel that has no export of its own', () => {
    const work = () => 1;
    registerFunction(work, { module: 'file:///srv/bundle.js', name: 'work' });
    expect(locateFunction(work)).toEqual({ module: 'file:///srv/bundle.js', name: 'work' });
    expect(loadedExport('file:///srv/bundle.js', 'work')).toBe(work);
  });

  it('refuses what is no function, no reference, or registered elsewhere', () => {
    const work = () => 1;
    const reference = { module: 'file:///srv/a.js', name: 'work' };
    expect(() => registerFunction(7 as never, reference)).toThrow(/fn must be a function/);
    expect(() => registerFunction(work, {} as never)).toThrow(/reference must be an object/);
    registerFunction(work, reference);
    registerFunction(work, reference);
    expect(() => registerFunction(work, { ...reference, name: 'other' })).toThrow(
      /the reference under which the function is known, work of file:\/\/\/srv\/a\.js/,
    );
  });
});
