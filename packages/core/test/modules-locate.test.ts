import { describe, expect, it } from 'vitest';
import { type Found, runNode, runReport, shortForms } from './fixtures/modules-run.js';

async function reload(found: Found[]): Promise<string[]> {
  return runNode('modules-esm/reload.mjs', JSON.stringify(found));
}

describe('locating a function of an ES module', () => {
  it('finds declarations, constants, generators, classes and methods under their export names', async () => {
    const found = await runReport('modules-esm/locate.mjs');
    const names = Object.entries(shortForms(found)).map(([label, form]) => {
      expect(form).toBe(`modules-esm/exports.mjs ${label}`);
      return label;
    });
    expect(names).toEqual(
      expect.arrayContaining([
        ...['declared', 'generator', 'arrow', 'assigned', 'first', 'second', 'Job', 'Empty'],
        ...['Job.create', 'Job.prototype.run', 'handlers.resize'],
      ]),
    );
  });

  it('finds what was renamed by its export, by Object.defineProperty, or by neither', async () => {
    const found = shortForms(await runReport('modules-esm/locate.mjs'));
    expect(found.renamed).toBe('modules-esm/exports.mjs renamed');
    expect(found['not an identifier']).toBe('modules-esm/exports.mjs not an identifier');
    expect(found.misnamed).toBe('modules-esm/exports.mjs misnamed');
  });

  it('finds an exported function that another module made: a wrapper, a bound one, a proxy', async () => {
    const found = shortForms(await runReport('modules-esm/locate.mjs'));
    for (const name of ['wrapped', 'twice', 'bound', 'proxied']) {
      expect(found[name]).toBe(`modules-esm/exports.mjs ${name}`);
    }
  });

  it('finds every kind of default export, and takes no other function for one', async () => {
    expect(shortForms(await runReport('modules-esm/defaults.mjs'))).toEqual({
      fn: 'modules-esm/default-function.mjs default',
      arrow: 'modules-esm/default-arrow.mjs default',
      Class: 'modules-esm/default-class.mjs default',
      variable: 'modules-esm/default-variable.mjs default',
      named: 'modules-esm/default-named.mjs default',
      call: 'modules-esm/default-call.mjs made.0',
    });
  });

  it('gives references under which another process gets functions that do the same', async () => {
    const found = await runReport('modules-esm/locate.mjs');
    const labels = ['declared', 'assigned', 'renamed', 'not an identifier', 'misnamed', 'wrapped'];
    const members = ['bound', 'second', 'Job.create', 'handlers.resize', 'Empty'];
    const references = [...labels, ...members].map((label) => found[label] as Found);
    expect(await reload(references)).toEqual([
      ...['declared', 'assigned', 'local', 'text', 'misnamed', 'wrapped'],
      ...['local', 'second', 'create', 'resize', 'Empty'],
    ]);
    const defaults = await runReport('modules-esm/defaults.mjs');
    const { fn, arrow, variable, named } = defaults as Record<'fn', Found> & typeof defaults;
    expect(await reload([fn, arrow, variable, named] as Found[])).toEqual(Array(4).fill('default'));
  });

  it('works in a main module that is still being evaluated, without evaluating it again', async () => {
    const [first = '', same, answer, builtin] = await runNode('modules-esm/main-await.mjs');
    const { reference, evaluations } = JSON.parse(first);
    expect(reference.name).toBe('work');
    expect(reference.module).toMatch(/^file:.*\/main-await\.mjs$/);
    expect(evaluations).toBe(1);
    expect(same).toBe('true');
    expect(answer).toBe('["answer: 42","work"]');
    expect(builtin).toBe('node:timers/promises');
  });

  it('asks the debugger, which is slow, only when the file may not be what runs; coverage goes on counting', async () => {
    const [plain = '', hidden, changed = '', found, calls] = await runNode(
      'modules-esm/commands.mjs',
    );
    expect(plain).not.toContain('.enable');
    expect(plain).toContain('Profiler.getBestEffortCoverage');
    expect(changed).toContain('Debugger.getScriptSource');
    expect(found).toBe('before true');
    expect(hidden).toBe('work');
    expect(calls).toBe('3');
  });
});

describe('refusing a function that no module exports', () => {
  it('refuses closures and nested functions, also under the name of an exported one', async () => {
    const found = await runReport('modules-esm/refused.mjs');
    expect(new Set(Object.values(shortForms(found)))).toEqual(new Set(['ERR_NOT_EXPORTED']));
    expect(found.arrow?.message).toMatch(/not the one that its module exports as `arrow`/);
  });

  it('says which function it is, its file and line, and what to write', async () => {
    const { unexported, closure } = await runReport('modules-esm/refused.mjs');
    expect(unexported?.message).toMatch(
      /^The function unexported \(modules-esm.exports\.mjs:66\) /,
    );
    expect(unexported?.message).toContain('`export function unexported`');
    expect(unexported?.message).toContain("new URL('./work.js', import.meta.url)");
    expect(closure?.message).toMatch(/^An anonymous function \(modules-esm.exports\.mjs:59\) /);
  });

  it('gives native, bound and made functions a reason of their own', async () => {
    const { native, bound, made, evaluated } = await runReport('modules-esm/refused.mjs');
    expect(native?.message).toMatch(/max is built into JavaScript.* Export a function of your own/);
    expect(bound?.message).toMatch(/bound function.*pass the bound values as arguments/);
    expect(made?.message).toMatch(/not loaded from a module/);
    expect(evaluated?.message).toMatch(/not loaded from a module/);
  });

  it('names the permission model and the explicit form where Node refuses the inspector', async () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const found = await runReport(flag, '--allow-fs-read=*', 'modules-esm/locate.mjs');
    expect(found.declared?.message).toMatch(/no inspector.*--permission.*\{ module: new URL/);
  });
});
