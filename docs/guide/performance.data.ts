import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from '../../benchmarks/statistics.js';
import { curvesOf, drawBars, drawCurves } from '../../scripts/plots.mjs';

const file = fileURLToPath(new URL('benchmarks.json', import.meta.url));

type Contender = {
  name: string;
  median: number;
  least: number;
  most: number;
  ratio?: number;
  notes?: string[];
};

type Row = {
  id: string;
  title: string;
  unit: string;
  contenders: Contender[];
  skipped: { name: string; reason: string }[];
  verdicts: { text: string; holds: boolean }[];
};

type Growth = {
  id: string;
  unit: string;
  parameter: string;
  points: { value: number | string; contenders: Contender[] }[];
};

type Measurements = {
  machine: { node: string; cores: number; cpu: string };
  when: string;
  rounds: number;
  rows: Row[];
  growth?: Growth[];
};

/** What `npm run bench -- --growth --json docs/guide/benchmarks.json` wrote, drawn. */
// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default {
  watch: ['./benchmarks.json', '../../scripts/plots.mjs'],
  load: () => {
    if (!existsSync(file)) return null;
    const measured: Measurements = JSON.parse(readFileSync(file, 'utf8'));
    const { rows, growth = [] } = measured;
    const sections = new Map<string, ReturnType<typeof showRow>[]>();
    for (const row of rows) {
      // A title is `Queue: what is done`.
      const [section] = row.title.split(/[:.]/, 1) as [string];
      const own = growth.filter(({ id }) => id === row.id);
      sections.set(section, [...(sections.get(section) ?? []), showRow(row, own)]);
    }
    return {
      origin: originOf(measured),
      budgets: budgetsOf(rows),
      sections: [...sections].map(([title, shown]) => ({
        id: title.toLowerCase(),
        title,
        rows: shown,
      })),
    };
  },
};

function originOf({ machine, when, rounds }: Measurements): string {
  const { node, cores, cpu } = machine;
  const where = `${cores} cores of ${cpu}`;
  return `Measured on ${when.slice(0, 10)} with Node.js ${node} on ${where}, each at most ${rounds} times.`;
}

function budgetsOf(rows: Row[]): string {
  const verdicts = rows.flatMap((row) => row.verdicts);
  const missed = rows.filter((row) => row.verdicts.some(({ holds }) => !holds));
  const which = missed.map(({ title }) => title).join('; ');
  const held = verdicts.filter(({ holds }) => holds).length;
  return `${held} of ${verdicts.length} budgets held${which ? `. Missed: ${which}` : ''}.`;
}

function showRow(row: Row, growth: Growth[]) {
  const { id, title, unit, contenders, skipped, verdicts } = row;
  const notes = contenders.flatMap((one) =>
    (one.notes ?? []).map((note) => `${one.name}: ${note}`),
  );
  return {
    id,
    title: title.replace(/^\w+: /, '').replace(/^./, (letter) => letter.toUpperCase()),
    svg: drawBars(contenders, unit),
    remarks: [
      ...notes,
      ...skipped.map(({ name, reason }) => `${name} was not measured: ${reason}`),
      ...verdicts.map(({ text, holds }) => `Budget: ${text}, ${holds ? 'held' : 'missed'}`),
    ],
    growth: growth.map(showGrowth),
  };
}

function showGrowth({ unit, parameter, points }: Growth) {
  const { values, curves } = curvesOf(points);
  return {
    parameter,
    unit,
    svg: drawCurves({ values, curves }, parameter, unit),
    names: curves.map(({ name }) => name),
    numbers: values.map((value, i) => ({
      value,
      medians: curves.map(({ medians }) => {
        const median = medians[i];
        return typeof median === 'number' ? format(median) : 'skipped';
      }),
    })),
  };
}
