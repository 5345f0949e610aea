import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chart } from '../chart.js';
import { choose, growthOf } from '../choice.js';
import { readOutput, runContender } from '../contender.js';
import { merge, recorded } from '../record.js';
import { growthLines, reportLines } from '../report.js';
import { names, rows } from '../rows.js';
import { format, median, summarise } from '../statistics.js';
import { judge } from '../verdicts.js';

const OURS = { contender: 'ours.js', name: 'multiproc', median: 50, least: 40, most: 60 };
const PEER = { contender: 'peer.py', name: 'Python', median: 100, least: 90, most: 110 };
const ROW = { unit: 'ns', contenders: ['ours.js', 'peer.py'] };

describe('statistics', () => {
  it('the median is the middle one, or between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 2, 9])).toBe(5.5);
  });

  it('a summary has the median and the spread', () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  });

  it('numbers are shown with two or three digits', () => {
    expect([0, 0.0312, 4.56, 71.23, 1234.5].map(format)).toEqual([
      '0',
      '0.031',
      '4.6',
      '71.2',
      '1235',
    ]);
  });
});

describe('budgets', () => {
  it('a budget holds up to its limit, and not beyond', () => {
    const judged = (ratio: number, extra = 0) =>
      judge({ ...ROW, budget: { peer: 'peer.py', ratio, extra } }, [OURS, PEER]);
    expect(judged(0.5)).toEqual([{ text: '0.5 × Python = 50.0 ns', limit: 50, holds: true }]);
    expect(judged(0.49)[0].holds).toBe(false);
    expect(judged(0.3, 20)).toEqual([
      { text: '0.3 × Python + 20 = 50.0 ns', limit: 50, holds: true },
    ]);
  });

  it('each of several budgets is judged; one that lacks either side is not', () => {
    const budget = [
      { peer: 'peer.py', ratio: 0.1 },
      { peer: 'absent.js', ratio: 1 },
    ];
    expect(judge({ ...ROW, budget }, [OURS, PEER]).map(({ holds }) => holds)).toEqual([false]);
    expect(judge({ ...ROW, budget }, [PEER])).toEqual([]);
    expect(judge(ROW, [OURS, PEER])).toEqual([]);
  });
});

describe('choice', () => {
  const list = [
    { id: 'queue', contenders: ['a.js', 'b.py', 'c.js'], budget: { peer: 'c.js', ratio: 1 } },
    { id: 'queue-int', contenders: ['a.js', 'b.py'] },
    { id: 'queues', contenders: ['a.js'] },
  ];
  const ids = (chosen: { id: string }[]) => chosen.map(({ id }) => id);

  it('a name stands for its row and for those that begin with it and a dash', () => {
    expect(ids(choose(list, ['queue'], false))).toEqual(['queue', 'queue-int']);
    expect(ids(choose(list, ['queue-int', 'queues'], false))).toEqual(['queue-int', 'queues']);
    expect(ids(choose(list, [], false))).toEqual(['queue', 'queue-int', 'queues']);
    expect(choose(list, ['lock'], false)).toEqual([]);
  });

  it('a quick run takes the rows with a budget, and of them what the budgets compare', () => {
    expect(choose(list, [], true)).toEqual([{ ...list[0], contenders: ['a.js', 'c.js'] }]);
    expect(ids(choose(list, ['queue'], true))).toEqual(['queue', 'queue-int']);
  });

  it('a curve has the first two contenders unless it names others', () => {
    const growth = [
      { parameter: 'agents', values: [1, 2] },
      { parameter: 'size', values: [64], contenders: ['c.js'] },
    ];
    const curves = growthOf({ ...list[0], growth });
    expect(curves.map(({ row }) => row.contenders)).toEqual([['a.js', 'b.py'], ['c.js']]);
    expect(curves.map(({ parameter, values }) => [parameter, values])).toEqual([
      ['agents', [1, 2]],
      ['size', [64]],
    ]);
    const [slow] = growthOf({ ...list[0], growth: { parameter: 'size', values: [64], rounds: 1 } });
    expect(slow.row.rounds).toBe(1);
    expect(growthOf(list[1])).toEqual([]);
  });
});

describe('output', () => {
  it('a contender prints a number and notes, or why it is skipped', () => {
    expect(readOutput('12.5\nsome note\n')).toEqual({ number: 12.5, notes: ['some note'] });
    expect(readOutput('skipped: no futex\n')).toEqual({ reason: 'no futex' });
    for (const text of ['', '\n', 'oops\n', 'NaN\n', 'Infinity\n']) {
      expect(readOutput(text)).toEqual({ reason: 'it printed no number', failure: text });
    }
  });

  it('a contender that fails is told from one that cannot run here', () => {
    const { reason, failure } = runContender('pool-payload.js', ['pool=none']);
    expect(reason).toBe('it failed with code 1');
    expect(failure).toContain('TypeError');
  });

  it('a missing python3 is a reason to skip, not an error', () => {
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    try {
      expect(runContender('lock.py')).toEqual({ reason: 'there is no python3 here' });
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('a report has every contender, the ratio to each peer, what was skipped and the budgets', () => {
    const lines = reportLines({
      title: 'Row',
      unit: 'ns',
      contenders: [
        { ...OURS, notes: ['flat'] },
        { ...PEER, ratio: 0.5 },
      ],
      skipped: [{ name: 'other', reason: 'there is none here' }],
      verdicts: [{ text: '0.4 × Python', holds: false }],
    });
    expect(lines.map((line) => line.trim())).toEqual([
      'Row (ns)',
      '50.0  (40.0 to 60.0)  multiproc',
      'flat',
      '100  (90.0 to 110)  Python  ours / this: 0.50',
      'skipped: other, because there is none here',
      'budget 0.4 × Python: MISSED',
    ]);
  });

  it('a curve has a line for each value, and says where a contender was skipped', () => {
    const points = [
      { value: 1, contenders: [OURS, PEER] },
      { value: 8, contenders: [OURS] },
    ];
    const lines = growthLines({ title: 'Row', unit: 'ns', parameter: 'agents', points });
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      'agents  multiproc  |  Python',
      '1  50.0  |  100',
      '8  50.0  |  skipped',
    ]);
  });

  it('a chart is an SVG with a bar for each contender and no raw markup of names', () => {
    const odd = { ...PEER, name: 'a < b' };
    const svg = chart([{ title: 'Row', unit: 'ns', contenders: [OURS, odd] }]);
    expect(svg.match(/<rect/g)).toHaveLength(2);
    expect(svg).toContain('a &#60; b');
    expect(svg).not.toContain('NaN');
  });
});

describe('a run of curves alone', () => {
  const curve = (id: string, parameter: string, points = 0) => ({ id, parameter, points });
  const known = [
    { row: { id: 'lock' }, parameter: 'agents' },
    { row: { id: 'lock' }, parameter: 'section' },
    { row: { id: 'queue' }, parameter: 'size' },
  ];

  it('keeps the rows of the file, replaces what it measured and keeps the other curves', () => {
    const previous = { rows: [ROW], when: 'then', growth: [curve('queue', 'size')] };
    const growth = [curve('queue', 'size', 1), curve('lock', 'section', 1)];
    expect(merge(previous, { rows: [], when: 'now', growth }, known)).toEqual({
      rows: [ROW],
      when: 'then',
      growth: [curve('lock', 'section', 1), curve('queue', 'size', 1)],
    });
    expect(merge(previous, { growth: [] }, known).growth).toEqual(previous.growth);
  });

  it('leaves out a curve that is no longer drawn, and begins where the file has none', () => {
    const gone = { growth: [curve('lock', 'gone'), curve('gone', 'agents')] };
    expect(merge(gone, { growth: [] }, known).growth).toEqual([]);
    const first = [curve('lock', 'agents')];
    expect(merge({}, { growth: first }, known).growth).toEqual(first);
  });

  it('begins anew without a file, and refuses one that was measured on another machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const file = join(folder, 'run.json');
    try {
      expect(recorded(file, { cores: 2 })).toBeUndefined();
      writeFileSync(file, JSON.stringify({ machine: { cores: 2 }, rows: [] }));
      expect(recorded(file, { cores: 2, cpu: undefined })).toMatchObject({ rows: [] });
      expect(() => recorded(file, { cores: 4 })).toThrow('measure its rows here first');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('rows', () => {
  const all = new Set(
    rows
      .flatMap((row) => [row, ...growthOf(row).map((curve) => curve.row)])
      .flatMap(({ contenders }) => contenders),
  );

  it('each contender is a program that is there', () => {
    const programs = [...all].map((contender) => contender.split(' ')[0] as string);
    const missing = programs.filter((program) => {
      return !existsSync(new URL(`../contenders/${program}`, import.meta.url));
    });
    expect(missing).toEqual([]);
  });

  it('no peer goes by our name, and no name stands for nothing', () => {
    const unnamed = [...all].filter((one) => one.includes('.py') && names[one] === undefined);
    expect(unnamed).toEqual([]);
    expect(Object.keys(names).filter((name) => !all.has(name))).toEqual([]);
  });

  it('each row has a curve, or says whose covers it', () => {
    const grown = new Set(rows.filter(({ growth }) => growth).map(({ id }) => id));
    const flat = rows.filter(({ id, coveredBy }) => !grown.has(id) && !grown.has(coveredBy));
    expect(flat.map(({ id }) => id)).toEqual([]);
    expect(rows.filter(({ id, coveredBy }) => coveredBy && grown.has(id))).toEqual([]);
  });

  it('no two curves of a row have the same parameter', () => {
    const curves = rows
      .flatMap(growthOf)
      .map(({ row: { id }, parameter }) => `${id} by ${parameter}`);
    expect(new Set(curves).size).toBe(curves.length);
  });

  it('ids differ, the first contender is ours, and each budget has its peer in the row', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const { contenders, budget = [] } of rows) {
      expect(names[contenders[0]] ?? 'multiproc').toMatch(/^multiproc/);
      for (const { peer } of [budget].flat()) expect(contenders).toContain(peer);
    }
  });
});
