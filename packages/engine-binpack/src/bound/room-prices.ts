import { type BoundProblem, type DualPrices, mostWorth } from '@cloudoptim/scheduling';

/** Shares of a node's price that are shifted from one resource to another, ever smaller. */
const steps = [0.03, 0.006];

/**
 * Sets what a unit of each row on a node of the column is worth such that the pods that it could hold seem to bring as little as
 * possible: the dual of one node's knapsack, by shifting shares from row to row. Starts from the prices as they are and changes
 * them in place; returns what the pods seem to bring, in USD per hour.
 */
export function tuneRoomPrices(
  problem: BoundProblem,
  prices: DualPrices & { readonly columns: Float64Array },
  column: number,
): number {
  const { rows, columns, classes } = problem;
  const kind = columns[column];
  if (kind === undefined) return 0;
  const base = column * rows.length;
  const { capacity } = kind;
  const asked = rows.flatMap((_, row) =>
    (capacity[row] as number) > 0 && classes.some(({ needs }) => (needs[row] as number) > 0) ? [row] : [],
  );
  const unit = Math.max(kind.usdPerHour, 1e-9);
  let least = mostWorth(problem, prices, column);
  /** Raises one row's price, lowers another's by a share of the node, or only one of the two (-1); undone where that is no help. */
  const shift = (up: number, down: number, step: number): boolean => {
    const before = Array.from(prices.columns.subarray(base, base + rows.length));
    if (up === down || (down >= 0 && before[down] === 0)) return false;
    const change = (row: number, sign: number) => {
      if (row < 0) return;
      const price = (before[row] as number) + (sign * step * unit) / (capacity[row] as number);
      prices.columns[base + row] = Math.max(0, price);
    };
    change(up, 1);
    change(down, -1);
    const most = mostWorth(problem, prices, column);
    if (most < least - 1e-12) {
      least = most;
      return true;
    }
    prices.columns.set(before, base);
    return false;
  };
  for (const step of steps) {
    let isBetter = true;
    for (let round = 0; isBetter && round < 8; round++) {
      isBetter = false;
      for (const up of [...asked, -1]) for (const down of [...asked, -1]) isBetter = shift(up, down, step) || isBetter;
    }
  }
  return least;
}
