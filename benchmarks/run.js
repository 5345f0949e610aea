// npm run bench [-- row ...] [--quick] [--growth | --growth-only] [--json file] [--svg file]
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chart } from './chart.js';
import { choose, growthOf } from './choice.js';
import { measure } from './measure.js';
import { merge, recorded } from './record.js';
import { report, reportGrowth } from './report.js';
import { rows } from './rows.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    growth: { type: 'boolean' },
    'growth-only': { type: 'boolean' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});

const rounds = values.quick ? 3 : 5;
/** Of each point of a curve; a curve has several points, and its neighbours show what is noise. */
const growthRounds = values.quick ? 1 : 3;
const isGrowthOnly = values['growth-only'];
const chosen = choose(rows, positionals, values.quick);
if (chosen.length === 0) throw new Error(`no row is called ${positionals.join(' or ')}`);

const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
/** What a run of curves alone leaves in its file. */
const previous = isGrowthOnly && values.json ? recorded(values.json, machine) : undefined;

const start = performance.now();
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${isGrowthOnly ? growthRounds : rounds} rounds, median (least to most)\n`,
);
const results = isGrowthOnly ? [] : chosen.map(measureRow);
const growth = values.growth || isGrowthOnly ? chosen.flatMap(growthOf).map(grow) : [];

/** What a chart can show. */
const shown = results.filter(({ contenders }) => contenders.length > 0);

if (values.json) {
  const when = new Date().toISOString();
  const measured = { machine, when, rounds, rows: shown, growth };
  const kept = previous ? merge(previous, measured, rows.flatMap(growthOf)) : measured;
  writeFileSync(values.json, `${JSON.stringify(kept, undefined, 2)}\n`);
}
if (values.svg) writeFileSync(values.svg, chart(shown));
summarise();

function measureRow(row) {
  const result = measure(row, Math.min(rounds, row.rounds ?? rounds));
  report(result);
  return result;
}

/** A curve: the row measured at several values of one parameter. */
function grow({ row, parameter, values }) {
  const times = Math.min(growthRounds, row.rounds ?? growthRounds);
  const points = values.map((value) => {
    return { value, ...measure(row, times, [`${parameter}=${value}`]) };
  });
  const { id, title, unit } = row;
  const result = { id, title, unit, parameter, points };
  reportGrowth(result);
  return result;
}

function summarise() {
  const verdicts = results.flatMap(({ verdicts }) => verdicts);
  const missed = results.filter(({ verdicts }) => verdicts.some(({ holds }) => !holds));
  const which = missed.length > 0 ? `, missed: ${missed.map(({ id }) => id).join(', ')}` : '';
  const held = verdicts.filter(({ holds }) => holds).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const points = growth.flatMap(({ points }) => points);
  const failed = [...results, ...points].flatMap(({ skipped }) => skipped).filter(isFailure);
  for (const { contender, failure } of failed) console.error(`${contender} failed:\n${failure}`);
  // One broken contender costs its own figures and not those of half an hour.
  if (failed.length > 0) process.exitCode = 1;
  console.log(`${held} of ${verdicts.length} budgets hold${which}; ${seconds} s`);
}

function isFailure({ failure }) {
  return failure !== undefined;
}
