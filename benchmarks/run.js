// npm run bench [-- row ...] [--quick] [--json file]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { names, rows } from './rows.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'string' } },
});
const chosen = positionals.length > 0 ? rows.filter(isChosen) : rows;
const rounds = values.quick ? 3 : 7;

console.log(
  `Node ${process.version}, ${cpus().length} cores, ${rounds} rounds, median (least to most)\n`,
);
const results = chosen.map(measure);
if (values.json) writeFileSync(values.json, JSON.stringify(results, undefined, 2));

function isChosen({ id }) {
  return positionals.some((wanted) => id === wanted || id.startsWith(`${wanted}-`));
}

/** Every contender in a fresh process, in turns, so that a noisy moment hits them all. */
function measure(row) {
  console.log(`${row.title} (${row.unit})`);
  const samples = new Map(row.contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [contender, numbers] of samples) {
      const number = runContender(contender);
      if (number === undefined) samples.delete(contender);
      else numbers.push(number);
    }
  }
  const medians = new Map([...samples].map(([contender, numbers]) => [contender, median(numbers)]));
  const ours = medians.get(row.contenders[0]);
  for (const [contender, numbers] of samples) {
    const middle = medians.get(contender);
    const spread = `${format(Math.min(...numbers))} to ${format(Math.max(...numbers))}`;
    const ratio =
      contender === row.contenders[0] ? '' : `  ours / this: ${(ours / middle).toFixed(2)}`;
    console.log(`  ${format(middle).padStart(9)}  (${spread})  ${names[contender]}${ratio}`);
  }
  const verdict = judge(row.budget, ours, medians);
  if (verdict) console.log(`  budget ${verdict.text}: ${verdict.holds ? 'holds' : 'MISSED'}`);
  console.log();
  return { id: row.id, unit: row.unit, samples: Object.fromEntries(samples), verdict };
}

function judge(budget, ours, medians) {
  const peer = budget && medians.get(budget.peer);
  if (peer === undefined) return undefined;
  const limit = peer * budget.ratio + (budget.extra ?? 0);
  const extra = budget.extra ? ` + ${budget.extra}` : '';
  return {
    text: `${budget.ratio} × ${names[budget.peer]}${extra} = ${format(limit)}`,
    holds: ours <= limit,
  };
}

function runContender(contender) {
  const file = fileURLToPath(new URL(`contenders/${contender}`, import.meta.url));
  const command = contender.endsWith('.py') ? 'python3' : process.execPath;
  const { status, stdout, stderr, error } = spawnSync(command, [file], { encoding: 'utf8' });
  if (error?.code === 'ENOENT') {
    console.log(`  skipped: ${names[contender]}, because there is no ${command} here`);
    return undefined;
  }
  if (status !== 0) throw new Error(`${contender} failed with code ${status}:\n${stderr}`);
  return Number(stdout);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function format(number) {
  return number < 100 ? number.toFixed(1) : number.toFixed(0);
}
