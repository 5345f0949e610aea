import { describe, expect, it } from 'vitest';
import { type Found, runNode, runReport, shortForms } from './fixtures/modules-run.js';

describe('locating a function of a CommonJS module', () => {
  it('finds properties of module.exports, module.exports itself, and compiled ES modules', async () => {
    const { hidden, ...found } = shortForms(await runReport('modules-cjs/locate.cjs'));
    expect(found).toEqual({
      work: 'modules-cjs/exported.cjs work',
      computed: 'modules-cjs/exported.cjs computed',
      wrapped: 'modules-cjs/exported.cjs wrapped',
      Job: 'modules-cjs/exported.cjs Job',
      'Job.create': 'modules-cjs/exported.cjs Job.create',
      own: 'modules-cjs/locate.cjs own',
      whole: 'modules-cjs/whole.cjs default',
      compiled: 'modules-cjs/compiled.cjs work',
      'compiled default': 'modules-cjs/compiled.cjs default',
    });
    expect(hidden).toBe('ERR_NOT_EXPORTED');
  });

  it('gives references that load again, also for names that import cannot see', async () => {
    const { Job: _class, hidden: _hidden, ...found } = await runReport('modules-cjs/locate.cjs');
    const references: Found[] = Object.values(found);
    expect(await runNode('modules-esm/reload.mjs', JSON.stringify(references))).toEqual([
      ...['work', 'computed', 'wrapped', 'create', 'own', 'whole', 'compiled', 'compiled default'],
    ]);
  });
});
