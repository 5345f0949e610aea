import { existsSync, readFileSync } from 'node:fs';

/**
 * What a file has of an earlier run, whose rows can have new curves.
 *
 * @returns `undefined` when there is no such file
 * @throws Error when it was measured elsewhere: its rows and the curves could not be compared
 */
export function recorded(file, machine) {
  if (!existsSync(file)) return undefined;
  const previous = JSON.parse(readFileSync(file, 'utf8'));
  const [there, here] = [previous.machine, machine].map((one) => JSON.stringify(one));
  if (there === here) return previous;
  throw new Error(`${file} was measured on ${there}, not on ${here}: measure its rows here first`);
}

/**
 * The earlier run with the curves that have been measured now.
 *
 * @param previous - its rows stay, and those of its curves that are missing in `measured`
 * @param measured - a run of curves alone
 * @param known - all the curves that there are, in their order; others are left out
 */
export function merge(previous, measured, known) {
  const growth = known.flatMap(({ row: { id }, parameter }) => {
    const isSame = (curve) => curve.id === id && curve.parameter === parameter;
    return measured.growth.find(isSame) ?? previous.growth?.find(isSame) ?? [];
  });
  return { ...previous, growth };
}
