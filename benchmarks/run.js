// npm run bench [-- row ...] [--quick] [--growth] [--json file] [--svg file]
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chart } from './chart.js';
import { measure } from './measure.js';
import { report, reportGrowth } from './report.js';
import { rows } from './rows.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    growth: { type: 'boolean' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});

/** The quick run is for a look between two changes, and takes the rows that have a budget. */
const rounds = values.quick ? 3 : 7;
const chosen = rows.filter(isChosen);
if (chosen.length === 0) throw new Error(`no row is called ${positionals.join(' or ')}`);

console.log(
  `Node ${process.version}, ${cpus().length} cores, ${rounds} rounds, median (least to most)\n`,
);
const results = chosen.map((row) => {
  const result = measure(row, rounds);
  report(result);
  return result;
});
const growth = values.growth ? chosen.filter(({ growth }) => growth).map(grow) : [];

if (values.json) {
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  const when = new Date().toISOString();
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, when, rounds, rows: results, growth }, undefined, 2)}\n`,
  );
}
if (values.svg) writeFileSync(values.svg, chart(results));

function isChosen({ id, budget }) {
  if (positionals.length === 0) return !values.quick || budget !== undefined;
  return positionals.some((wanted) => id === wanted || id.startsWith(`${wanted}-`));
}

/** A row with `growth` measures its contenders at several values of one parameter as well. */
function grow(row) {
  const { parameter, values: sizes } = row.growth;
  const points = sizes.map((value) => ({ value, ...measure(row, 3, [String(value)]) }));
  const result = { id: row.id, title: row.title, unit: row.unit, parameter, points };
  reportGrowth(result);
  return result;
}
