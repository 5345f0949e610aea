import { format } from './statistics.js';

/** Prints what `measure` found. */
export function report({ title, unit, contenders, skipped, verdicts }) {
  console.log(`${title} (${unit})`);
  for (const { name, median, least, most, ratio } of contenders) {
    const spread = `(${format(least)} to ${format(most)})`;
    const compared = ratio === undefined ? '' : `  ours / this: ${ratio.toFixed(2)}`;
    console.log(`  ${format(median).padStart(9)}  ${spread}  ${name}${compared}`);
  }
  for (const { name, reason } of skipped) console.log(`  skipped: ${name}, because ${reason}`);
  for (const { text, holds } of verdicts) {
    console.log(`  budget ${text}: ${holds ? 'holds' : 'MISSED'}`);
  }
  console.log();
}

/** Prints how a row grows: one line for each size, one column for each contender. */
export function reportGrowth({ title, unit, parameter, points }) {
  console.log(`${title}, by ${parameter} (${unit})`);
  const names = points[0]?.contenders.map(({ name }) => name) ?? [];
  console.log(`  ${parameter.padStart(10)}  ${names.join('  |  ')}`);
  for (const { value, contenders } of points) {
    const cells = names.map((name) => {
      const found = contenders.find((one) => one.name === name);
      return found ? format(found.median) : 'skipped';
    });
    console.log(`  ${String(value).padStart(10)}  ${cells.join('  |  ')}`);
  }
  console.log();
}
