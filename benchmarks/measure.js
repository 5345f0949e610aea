import { runContender } from './contender.js';
import { names } from './rows.js';
import { format, median } from './statistics.js';

/**
 * Measures one row: every contender in a fresh process, in turns, so that a noisy moment hits them
 * all.
 *
 * @param row - from `rows.js`
 * @param rounds - how often
 * @param args - for the contenders' command lines
 * @returns medians, spreads, ratios to each peer, and whether the budget holds
 */
export function measure(row, rounds, args = []) {
  const samples = new Map(row.contenders.map((contender) => [contender, []]));
  const skipped = [];
  for (let round = 0; round < rounds; round++) {
    for (const [contender, numbers] of samples) {
      const { number, reason } = runContender(contender, args);
      if (reason === undefined) {
        numbers.push(number);
        continue;
      }
      samples.delete(contender);
      skipped.push({ name: names[contender], reason });
    }
  }
  const contenders = [...samples].map(([contender, numbers]) => ({
    contender,
    name: names[contender],
    median: median(numbers),
    least: Math.min(...numbers),
    most: Math.max(...numbers),
    samples: numbers,
  }));
  const [ours, ...peers] = contenders;
  for (const peer of peers) peer.ratio = ours.median / peer.median;
  const { id, title, unit } = row;
  return { id, title, unit, contenders, skipped, verdicts: judge(row, contenders) };
}

/** A row has one budget, or several for several peers. */
function judge(row, contenders) {
  const ours = contenders[0].median;
  const budgets = [row.budget ?? []].flat();
  return budgets.flatMap(({ peer: wanted, ratio, extra = 0 }) => {
    const peer = contenders.find(({ contender }) => contender === wanted);
    if (!peer) return [];
    const limit = peer.median * ratio + extra;
    const plus = extra ? ` + ${extra}` : '';
    const text = `${ratio} × ${peer.name}${plus} = ${format(limit)} ${row.unit}`;
    return [{ text, limit, holds: ours <= limit }];
  });
}
