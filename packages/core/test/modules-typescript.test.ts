import { locateFunction, prepareTypeScript } from '@multiproc/core';
import { describe, expect, it } from 'vitest';
import { type Found, runNode, runReport, shortForms, TSX } from './fixtures/modules-run.js';
import { lazy } from './fixtures/modules-ts/dynamic.js';
import fallback, { hidden, Job, renamed, work } from './fixtures/modules-ts/work.js';

const STRIPS_TYPES = Boolean(Reflect.get(process.features, 'typescript'));

const EXPECTED = {
  work: 'modules-ts/work.ts work',
  'Job.create': 'modules-ts/work.ts Job.create',
  renamed: 'modules-ts/work.ts renamed',
  fallback: 'modules-ts/work.ts default',
  own: 'modules-ts/main.ts own',
  hidden: undefined,
};

async function located(...args: string[]): Promise<{ forms: object; references: Found[] }> {
  const found = await runReport(...args);
  expect(found.hidden?.message).toMatch(/^The function closure \(modules-ts.work\.ts:24\) /);
  const { hidden: _hidden, ...references } = found;
  const forms = { ...shortForms(references), hidden: undefined };
  return { forms, references: Object.values(references) };
}

describe('functions of TypeScript modules', () => {
  it('are found under tsx, and come back in a process and in a thread that tsx runs', async () => {
    const { forms, references } = await located(TSX, 'modules-ts/main.ts');
    expect(forms).toEqual(EXPECTED);
    const list = JSON.stringify(references);
    const values = ['typed', 'create', 'local', 'default', 'own'];
    expect(await runNode(TSX, 'modules-ts/reload.mjs', list)).toEqual(values);
    expect(await runNode(TSX, 'modules-ts/reload.mjs', list, 'thread')).toEqual(values);
  });

  it('come back in a process and in a thread that were started without tsx', async () => {
    const { references } = await located(TSX, 'modules-ts/main.ts');
    const list = JSON.stringify(references);
    const values = ['typed', 'create', 'local', 'default', 'own'];
    expect(await runNode('modules-ts/reload.mjs', list)).toEqual(values);
    expect(await runNode('modules-ts/reload.mjs', list, 'thread')).toEqual(values);
  });

  it('are found when tsx compiles them to CommonJS', async () => {
    const found = await runReport(TSX, 'modules-ts-cjs/main.ts');
    expect(shortForms(found)).toEqual({
      work: 'modules-ts-cjs/work.ts work',
      Job: 'modules-ts-cjs/main.ts Job.create',
    });
    const list = JSON.stringify([found.work]);
    expect(await runNode(TSX, 'modules-ts/reload.mjs', list)).toEqual(['typed 42']);
    expect(await runNode(TSX, 'modules-ts/reload.mjs', list, 'thread')).toEqual(['typed 42']);
  });

  it.runIf(STRIPS_TYPES)('are found where Node strips the types itself', async () => {
    const { forms, references } = await located('modules-ts/main.ts');
    expect(forms).toEqual(EXPECTED);
    const list = JSON.stringify(references.slice(0, 2));
    expect(await runNode('modules-ts/reload.mjs', list)).toEqual(['typed', 'create']);
  });

  it('are found inside a module that Vitest wrapped into a function', () => {
    const found = {
      work: locateFunction(work),
      'Job.create': locateFunction(Job.create),
      renamed: locateFunction(renamed),
      fallback: locateFunction(fallback),
    };
    const { own: _own, hidden: _hidden, ...expected } = EXPECTED;
    expect(shortForms(found)).toEqual(expected);
    expect(() => locateFunction(hidden())).toThrow(/closure \(.*modules-ts.work\.ts:24\)/);
  });

  it('are found inside such a module that also imports another when it runs', () => {
    expect(locateFunction(lazy)).toMatchObject({ name: 'lazy' });
  });

  it.runIf(!STRIPS_TYPES)(
    'are refused, with both remedies, where nothing can load them',
    async () => {
      await expect(prepareTypeScript('file:///nowhere/work.ts')).rejects.toThrow(
        /cannot load the TypeScript module .*Node 22\.18.*install tsx/,
      );
      await expect(prepareTypeScript('file:///nowhere/work.js')).resolves.toBeUndefined();
    },
  );
});
