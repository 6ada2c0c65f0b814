import { type BestConfiguration, bestConfiguration, type ConfigurationItem } from './best-configuration.js';
import { type BoundProblem, mostOnOneNode } from './bound-problem.js';
import type { BoundColumn } from './columns.js';
import { needsTable } from './needs-table.js';

/** Prices that prove a bound: of one pod of each class, and of one unit of each row on a node of each column. */
export interface DualPrices {
  /** USD per hour, by class. */
  readonly classes: ArrayLike<number>;
  /** USD per hour and unit, by column and row: `column * rows + row`. */
  readonly columns: ArrayLike<number>;
}

/** Sums of a million terms lose less than this share of their size. */
const rounding = 1e-9;

/** Items that are looked at to see how well whole pods can fill a node of one column, and nodes of all: 4 million took a third of a second. */
const stepsOfOne = 200_000;
const stepsOfAll = 4_000_000;

/** Whether whole pods are looked at, or what resource prices say of them has to do. */
export type DualBoundCare = 'whole pods' | 'resources';

/**
 * The bound that these prices prove, in USD per hour; any prices that are not negative prove some bound, bad ones a low one.
 *
 * If one pod of a class brings `u` and no node can bring more than it costs, then all nodes together cost at least what all
 * pods bring. The most that a node can bring is a knapsack; resource prices bound it from above: the price of its room, and of
 * each pod what it brings beyond the room that it takes, as often as the node can hold it at most. Where that is more than the
 * node costs, whole pods may not fill the room so well, and a search says how well they can: this is what makes the bound that of
 * the configuration programme (Gilmore and Gomory 1961), stopped early as Farley (1990) does. Where some column brings
 * more than its price, all prices are lowered by the same share; where a column's supply is limited, what its nodes bring
 * beyond their price is taken off instead, or prices are lowered further where that costs less. Rounded down.
 */
export function dualBound(problem: BoundProblem, prices: DualPrices, care: DualBoundCare = 'whole pods'): number {
  const { classes, columns } = problem;
  let left = care === 'resources' ? 0 : stepsOfAll;
  const worth = columns.map((column, index) => {
    const most = mostWorth(problem, prices, index);
    const enough = column.kept ? 0 : column.usdPerHour;
    if (most <= enough || left <= 0) return most;
    const found = bestOnOneNode(problem, prices, index, enough, Math.min(left, stepsOfOne));
    left -= found.steps;
    return found.isProven ? Math.min(most, found.worth) : most;
  });
  const share = bestShare(problem, prices, worth);
  let [gain, loss] = [0, 0];
  classes.forEach(({ count }, index) => {
    gain += count * (prices.classes[index] as number) * share;
  });
  columns.forEach(({ supply, usdPerHour, kept }, column) => {
    const brings = (worth[column] as number) * share;
    if (kept) [gain, loss] = [gain + supply * usdPerHour, loss + supply * brings];
    else if (supply < Number.POSITIVE_INFINITY) loss += supply * Math.max(0, brings - usdPerHour);
  });
  const bound = gain * (1 - rounding) - loss * (1 + rounding);
  return Number.isFinite(bound) ? Math.max(0, Math.floor(bound * 1e9 - 1) / 1e9) : 0;
}

/**
 * The share of the prices that proves the most: no column of unlimited supply may bring more than it costs. Below that the
 * bound is a concave function of the share, which bends where a limited column begins to bring more than its price.
 */
function bestShare({ classes, columns }: BoundProblem, prices: DualPrices, worth: readonly number[]): number {
  let most = 1;
  let slope = classes.reduce((sum, { count }, index) => sum + count * (prices.classes[index] as number), 0);
  const bends: { readonly share: number; readonly loss: number }[] = [];
  for (const [column, { supply, usdPerHour, kept }] of columns.entries()) {
    const brings = worth[column] as number;
    if (!(brings > 0)) continue;
    if (kept) slope -= supply * brings;
    // A node that is to be had for nothing can hold everything.
    else if (supply === Number.POSITIVE_INFINITY) most = Math.min(most, usdPerHour / brings);
    else bends.push({ share: usdPerHour / brings, loss: supply * brings });
  }
  if (slope <= 0) return 0;
  for (const { share, loss } of bends.sort((a, b) => a.share - b.share)) {
    if (share >= most) break;
    slope -= loss;
    if (slope <= 0) return share;
  }
  return most;
}

/** An upper bound on what the pods of one node of the column can bring together, in USD per hour. */
export function mostWorth(problem: BoundProblem, prices: DualPrices, column: number): number {
  const { rows, classes, columns } = problem;
  const kind = columns[column];
  if (kind === undefined) return 0;
  const width = rows.length;
  const base = column * width;
  const perUnit = new Float64Array(width);
  let worth = 0;
  for (let row = 0; row < width; row++) {
    perUnit[row] = prices.columns[base + row] as number;
    worth += (kind.capacity[row] as number) * (perUnit[row] as number);
  }
  const best = new Map<number, number>();
  const needs = needsTable(problem);
  for (let index = 0; index < classes.length; index++) {
    let beyond = prices.classes[index] as number;
    for (let row = 0; row < width; row++) beyond -= (needs[index * width + row] as number) * (perUnit[row] as number);
    if (!(beyond > 0)) continue;
    const entry = classes[index] as (typeof classes)[number];
    const { group } = entry;
    const most = mostOnOneNode(kind, entry, index);
    if (most === 0) continue;
    if (group < 0 || kind.sharing.get(group) === Number.POSITIVE_INFINITY) worth += most * beyond;
    else best.set(group, Math.max(best.get(group) ?? 0, beyond));
  }
  // Of an exclusive group the node holds one, whichever brings the most.
  for (const [group, beyond] of best) worth += (kind.sharing.get(group) ?? 1) * beyond;
  return worth;
}

/**
 * The whole pods that bring the most on one node of the column, where they bring more than `above`. Above what resource prices
 * say they never are.
 */
export function bestOnOneNode(
  { rows, classes, columns }: BoundProblem,
  prices: DualPrices,
  column: number,
  above: number,
  steps: number,
): BestConfiguration {
  const kind = columns[column] as BoundColumn;
  const base = column * rows.length;
  const items: ConfigurationItem[] = [];
  classes.forEach((entry, index) => {
    const worth = prices.classes[index] as number;
    const most = worth > 0 ? mostOnOneNode(kind, entry, index) : 0;
    const isFree = kind.sharing.get(entry.group) === Number.POSITIVE_INFINITY;
    if (most > 0) items.push({ index, most, worth, needs: entry.needs, group: isFree ? -1 : entry.group });
  });
  const perUnit = rows.map((_, row) => prices.columns[base + row] as number);
  const sharing = (group: number) => kind.sharing.get(group) ?? 1;
  return bestConfiguration({ items, capacity: kind.capacity, perUnit, sharing, above, steps });
}
