import { describe, expect, it } from 'vitest';
import { cleanUp, linesOfExample } from './run-example.js';

cleanUp();

const example = (name: string) => linesOfExample(`pools/${name}`);

describe('examples of pools', () => {
  it('47-three-at-a-time.js: ten tasks, never more than three at a time', async () => {
    const lines = await example('47-three-at-a-time.js');
    expect(lines.pop()).toBe('all tasks are done');
    const running = new Set<string>();
    const counts = lines.map((line) => {
      const [, number, does] = line.match(/^task (\d) (begins|ends)$/) as RegExpMatchArray;
      if (does === 'begins') running.add(number as string);
      else expect(running.delete(number as string), line).toBe(true);
      return running.size;
    });
    expect(lines.filter((line) => line.endsWith('ends')).sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => `task ${i} ends`),
    );
    expect(running.size).toBe(0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(3);
  });

  it('48-apply.js: squares one by one, together, and by callback', async () => {
    expect(await example('48-apply.js')).toEqual([
      '1 squared is 1',
      '2 squared is 4',
      '3 squared is 9',
      '16',
      '25',
      '36',
      'callback: 49',
    ]);
  });

  it('49-executor.js: ten futures, and a map', async () => {
    const squares = '1 4 9 16 25 36 49 64 81 100';
    expect(await example('49-executor.js')).toEqual([`submit: ${squares}`, `map: ${squares}`]);
  });

  it('50-robots.js: the union of what each file tells', async () => {
    expect(await example('50-robots.js')).toEqual([
      '192.0.2.99',
      '198.51.100.20',
      '203.0.113.7',
      'crawler.example.com',
    ]);
  });

  it('51-callable-object.js: the state of the object is in each task', async () => {
    expect(await example('51-callable-object.js')).toEqual(['10 11 12 13 14 15 16 17 18 19']);
  });

  it('52-closure.js: the refusal names the place and what to do', async () => {
    const text = (await example('52-closure.js')).join('\n');
    expect(text).toMatch(/^ERR_NOT_EXPORTED: /);
    expect(text).toContain('52-closure.js:10');
    expect(text).toContain('export');
  });
});
