/**
 * The rows that a command line asks for.
 *
 * @param rows - all rows
 * @param wanted - ids or their beginnings: `queue` stands for `queue-int` too; empty for all
 * @param isQuick - for a look between two changes: without `wanted`, only the rows that have a
 *   budget; and of each row only what its budgets compare
 */
export function choose(rows, wanted, isQuick) {
  const chosen = rows.filter(({ id, budget }) => {
    if (wanted.length === 0) return !isQuick || budget !== undefined;
    return wanted.some((name) => id === name || id.startsWith(`${name}-`));
  });
  return isQuick ? chosen.map(shorten) : chosen;
}

function shorten(row) {
  if (row.budget === undefined) return row;
  const peers = [row.budget].flat().map(({ peer }) => peer);
  const [ours, ...others] = row.contenders;
  return { ...row, contenders: [ours, ...others.filter((other) => peers.includes(other))] };
}

/**
 * The curves of a row: each `growth` names a parameter, its values, and the contenders that know
 * it. Left out, these are the row's first two: we and the peer that matters most.
 */
export function growthOf(row) {
  return [row.growth ?? []].flat().map(({ parameter, values, ...rest }) => ({
    row: { ...row, contenders: row.contenders.slice(0, 2), ...rest },
    parameter,
    values,
  }));
}
