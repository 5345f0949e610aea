import { format } from './statistics.js';

/** Prints what `measure` found. */
export function report(result) {
  console.log(`${reportLines(result).join('\n')}\n`);
}

/** Prints how a row grows. */
export function reportGrowth(result) {
  console.log(`${growthLines(result).join('\n')}\n`);
}

/** One row: a line for each contender, what was skipped, and the budgets. */
export function reportLines({ title, unit, contenders, skipped, verdicts }) {
  const lines = [`${title} (${unit})`];
  for (const { name, median, least, most, ratio, notes = [] } of contenders) {
    const spread = `(${format(least)} to ${format(most)})`;
    const compared = Number.isFinite(ratio) ? `  ours / this: ${format(ratio)}` : '';
    lines.push(`  ${format(median).padStart(9)}  ${spread}  ${name}${compared}`);
    lines.push(...notes.map((note) => `             ${note}`));
  }
  for (const { name, reason } of skipped) lines.push(`  skipped: ${name}, because ${reason}`);
  for (const { text, holds } of verdicts) {
    lines.push(`  budget ${text}: ${holds ? 'holds' : 'MISSED'}`);
  }
  return lines;
}

/** A curve: one line for each value, one column for each contender. */
export function growthLines({ title, unit, parameter, points }) {
  const names = [...new Set(points.flatMap(({ contenders }) => contenders.map(nameOf)))];
  const lines = [
    `${title}, by ${parameter} (${unit})`,
    `  ${parameter.padStart(10)}  ${names.join('  |  ')}`,
  ];
  for (const { value, contenders } of points) {
    const cells = names.map((name) => {
      const found = contenders.find((one) => one.name === name);
      return found ? format(found.median) : 'skipped';
    });
    lines.push(`  ${String(value).padStart(10)}  ${cells.join('  |  ')}`);
  }
  return lines;
}

const nameOf = ({ name }) => name;
