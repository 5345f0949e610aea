import { runContender } from './contender.js';
import { names } from './rows.js';
import { summarise } from './statistics.js';
import { judge } from './verdicts.js';

/**
 * Measures one row: every contender in a fresh process, in turns, so that a noisy moment hits them
 * all.
 *
 * @param row - from `rows.js`
 * @param rounds - how often
 * @param more - for the contenders' command lines
 * @returns medians, spreads, ratios to each peer, and whether the budget holds
 */
export function measure(row, rounds, more = []) {
  const samples = new Map(row.contenders.map((contender) => [contender, []]));
  const notes = new Map();
  const skipped = [];
  for (let round = 0; round < rounds; round++) {
    for (const [contender, numbers] of samples) {
      const outcome = runContender(contender, more);
      if (outcome.reason === undefined) {
        numbers.push(outcome.number);
        notes.set(contender, outcome.notes);
        continue;
      }
      samples.delete(contender);
      skipped.push({ contender, name: nameOf(contender), ...outcome });
    }
  }
  const contenders = [...samples].map(([contender, numbers]) => ({
    contender,
    name: nameOf(contender),
    ...summarise(numbers),
    samples: numbers,
    notes: notes.get(contender),
  }));
  const ours = contenders.find(({ contender }) => contender === row.contenders[0]);
  for (const one of contenders) if (ours && one !== ours) one.ratio = ours.median / one.median;
  const { id, title, unit } = row;
  return { id, title, unit, contenders, skipped, verdicts: judge(row, contenders) };
}

/** What has no other name is ours. */
function nameOf(contender) {
  return names[contender] ?? 'multiproc';
}
