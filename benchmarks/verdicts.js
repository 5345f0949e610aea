import { format } from './statistics.js';

/**
 * Whether a row holds its budgets: the first contender takes at most `ratio` times what the peer
 * takes, plus `extra`. A budget is not judged when either was skipped.
 *
 * @param row - with one budget, several for several peers, or none
 * @param contenders - what was measured
 * @returns for each budget its text, its limit in the row's unit, and whether it holds
 */
export function judge({ budget, unit, contenders: [first] }, contenders) {
  const ours = contenders.find(({ contender }) => contender === first);
  if (!ours) return [];
  return [budget ?? []].flat().flatMap(({ peer: wanted, ratio, extra = 0 }) => {
    const peer = contenders.find(({ contender }) => contender === wanted);
    if (!peer) return [];
    const limit = peer.median * ratio + extra;
    const plus = extra ? ` + ${extra}` : '';
    const text = `${ratio} × ${peer.name}${plus} = ${format(limit)} ${unit}`;
    return [{ text, limit, holds: ours.median <= limit }];
  });
}
