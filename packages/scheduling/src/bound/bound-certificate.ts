import type { LowerBoundCertificate } from '@cloudoptim/core';
import type { BoundProblem, BoundScope } from './bound-problem.js';
import type { DualPrices } from './dual-bound.js';

/** The relaxation that certificates of this package are about. */
export const boundMethod = 'class-column-lp';

/** Writes prices down by the names of their rows; what is zero is left out. */
export function boundCertificate(
  problem: BoundProblem,
  scope: BoundScope,
  prices: DualPrices,
  usdPerHour: number,
): LowerBoundCertificate {
  const dualPrices: Record<string, number> = {};
  for (const [name, at] of positions(problem)) {
    const price = at < problem.classes.length ? prices.classes[at] : prices.columns[at - problem.classes.length];
    if (price !== undefined && price !== 0) dualPrices[name] = price;
  }
  return {
    usdPerHour,
    method: boundMethod,
    dualPrices,
    cuts: [],
    counts: scope,
    scope: 'for these requests, offerings, prices, node pools and policy',
  };
}

/** Reads them back; a price that is not named is zero. */
export function pricesOf(problem: BoundProblem, { dualPrices }: LowerBoundCertificate): DualPrices {
  const count = problem.classes.length;
  const classes = new Float64Array(count);
  const columns = new Float64Array(problem.columns.length * problem.rows.length);
  for (const [name, at] of positions(problem)) {
    const price = Object.hasOwn(dualPrices, name) ? (dualPrices[name] as number) : 0;
    if (at < count) classes[at] = price;
    else columns[at - count] = price;
  }
  return { classes, columns };
}

/** Names of prices: the classes first, then every row of every column. */
function* positions({ classes, columns, rows }: BoundProblem): Generator<readonly [name: string, at: number]> {
  let at = 0;
  for (let index = 0; index < classes.length; index++) yield [`class ${index}`, at++];
  for (const { key } of columns) for (const row of rows) yield [`${key} ${row}`, at++];
}
