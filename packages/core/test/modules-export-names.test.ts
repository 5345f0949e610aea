import { describe, expect, it } from 'vitest';
import { exportNames } from '../src/modules/export-names.js';

const locals = (source: string) => Object.fromEntries(exportNames(source).locals);
const places = (source: string) => [...exportNames(source).defaultPlaces];

describe('exportNames', () => {
  it('maps exports to the variables behind them', () => {
    expect(locals('export const { a, b: [c] } = x; export { a as d, c as "e f" };')).toEqual({
      a: 'a',
      c: 'c',
      d: 'a',
      'e f': 'c',
    });
  });

  it('sees no export inside strings, comments, templates and functions', () => {
    const text = '"export const a = 1"; `export const b = 1`; // export const c = 1\n';
    expect(locals(`${text} function f() { function work() {} }`)).toEqual({});
  });

  it('knows where a default export stands that is a constant, a function or a class', () => {
    expect(places('const work = () => 1;\nexport default work;')).toContain('0:13');
    expect(places('\nasync function work() {}\nexport default work')).toContain('1:19');
    expect(places('class Job {}\nexport default Job;\n// the end')).toContain('0:0');
    expect(places('export default async function* () {}')).toContain('0:31');
    expect(places('export default ((a) => a);')).toContain('0:16');
  });

  it('takes no nested declaration for the default export of the same name', () => {
    expect(places('function outer() { const work = () => 1; }\nexport default work;')).toEqual([]);
    const both =
      'function outer() { function work() {} }\nfunction work() {}\nexport default work;';
    expect(places(both)).toContain('1:13');
    expect(places(both)).not.toContain('0:32');
  });

  it('reads what Vite writes, of either form', () => {
    const start = "'use strict';async (__vite_ssr_exports__)=>{{";
    const present =
      '__vite_ssr_exportName__("run", () => { try { return work } catch {} });function work() {}';
    expect(locals(`${start}${present}}}`)).toEqual({ run: 'work' });
    const former =
      'Object.defineProperty(__vite_ssr_exports__, "run", { enumerable: true, configurable: true, get(){ return work }});';
    expect(locals(`${start}${former}}}`)).toEqual({ run: 'work' });
  });
});
