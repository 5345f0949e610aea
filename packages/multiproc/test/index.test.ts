import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { umbrellaExports } from '../../../scripts/umbrella.mjs';

const packages: {
  name: string;
  exports: { name: string; as: string; isType: boolean }[];
}[] = umbrellaExports();
const all = packages.flatMap(({ name, exports }) => exports.map((one) => ({ ...one, from: name })));

describe('multiproc', () => {
  it('exports every value of every package, and the same one', async () => {
    const umbrella: Record<string, unknown> = await import('multiproc');
    for (const { name, exports } of packages) {
      const own: Record<string, unknown> = await import(name);
      for (const one of exports.filter(({ isType }) => !isType)) {
        expect(own[one.name], `${one.name} of ${name}`).toBeDefined();
        expect(umbrella[one.as], `${one.as} of multiproc`).toBe(own[one.name]);
      }
    }
  });

  it('exports every type of every package, and nothing else', () => {
    const path = new URL('../src/index.ts', import.meta.url).pathname;
    const text = ts.sys.readFile(path) as string;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
    const found = file.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause }) => {
      if (!exportClause || !ts.isNamedExports(exportClause)) return [];
      return exportClause.elements.map(({ name }) => name.text);
    });
    expect(found.sort()).toEqual(all.map(({ as }) => as).sort());
  });

  it('gives no name to two things', () => {
    const names = all.map(({ as }) => as);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('depends on every package that it exports', async () => {
    const { default: manifest } = await import('multiproc/package.json', {
      with: { type: 'json' },
    });
    expect(Object.keys(manifest.dependencies).sort()).toEqual(packages.map((p) => p.name).sort());
  });

  it('has all the rest of core in a namespace', async () => {
    const { core } = await import('multiproc');
    const own: Record<string, unknown> = await import('@multiproc/core');
    expect(core).toBe(own);
  });
});
