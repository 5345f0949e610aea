import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('..', import.meta.url);
const TOPICS = ['processes', 'synchronisation', 'exchanging-data', 'pools'];

/** `| 7 | [07-daemon.js](processes/07-daemon.js) | what it shows |`, or a dash in place of the link. */
const ROW = /^\| (?<number>\d+) \| (?:\[(?<title>[^\]]+)\]\((?<path>[^)]+)\)|–) \| (?<what>.+) \|$/;

interface Row {
  readonly number: string;
  readonly title?: string;
  readonly path?: string;
  readonly what: string;
}

const rows = readFileSync(new URL('README.md', FOLDER), 'utf8')
  .split('\n')
  .map((line) => ROW.exec(line)?.groups as Row | undefined)
  .filter((row) => row !== undefined);

const files = TOPICS.flatMap((topic) =>
  readdirSync(new URL(topic, FOLDER))
    .filter((name) => /^\d/.test(name) && name.endsWith('.js'))
    .map((name) => `${topic}/${name}`),
);

const tests = readdirSync(new URL('test', FOLDER))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(`test/${name}`, FOLDER), 'utf8'));

describe('the examples', () => {
  it('are 52, in order, each with a file or the reason why it has none', () => {
    expect(rows.map(({ number }) => Number(number))).toEqual(
      Array.from({ length: 52 }, (_, i) => i + 1),
    );
    const waiting = rows.filter(({ path }) => path === undefined);
    expect(waiting.map(({ number }) => number)).toEqual(['46']);
    for (const { what } of waiting) expect(what).toContain('waits for');
  });

  it('are the files that the table links to, named with their numbers', () => {
    const linked = rows.flatMap(({ path }) => path ?? []);
    expect(linked).toEqual(files);
    for (const { number, title, path } of rows) {
      if (path === undefined) continue;
      expect(existsSync(new URL(path, FOLDER)), path).toBe(true);
      expect(path.split('/')[1]).toBe(title);
      expect(title).toMatch(new RegExp(`^${number.padStart(2, '0')}-`));
    }
  });

  it.each(files)('%s says on top what it shows, and is run by a test', (file) => {
    const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
    const comment = lines.findIndex((line) => !line.startsWith('//'));
    expect(comment).toBeGreaterThan(0);
    expect(comment).toBeLessThanOrEqual(2);
    const name = file.split('/')[1] as string;
    expect(tests.some((test) => test.includes(name))).toBe(true);
  });
});
