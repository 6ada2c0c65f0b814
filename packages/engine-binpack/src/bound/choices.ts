import { type BoundClass, type BoundColumn, type BoundProblem, mostOnOneNode } from '@cloudoptim/scheduling';
import { type ColumnPrices, isLimited } from './column-prices.js';

/** The columns that each class weighs, in one run of entries a class: `first[class]` to below `first[class + 1]`. */
export interface Choices {
  readonly first: Int32Array;
  readonly column: Int32Array;
  /** Row of the class's exclusive group on that column; -1 without one. */
  readonly groupRow: Int32Array;
  /** Nodes that the whole class needs for each row alone: `entry * rows + row`. */
  readonly load: Float64Array;
  /** Nodes that the whole class needs for its group's row. */
  readonly groupLoad: Float64Array;
  /** Part of the class that goes there; the parts of a class make 1. */
  readonly share: Float64Array;
  readonly regret: Float64Array;
  /** What the whole class would pay there, in USD per hour, as last worked out. */
  readonly cost: Float64Array;
}

const fitsCache = new WeakMap<BoundProblem, Uint8Array>();

/** Share of the cost whose cheapest columns are among those to begin with. */
const wellCovered = 0.9;

/** How much dearer than the cheapest, as a share, a column may be to a class that goes on to weigh it. */
const margin = 0.3;

/**
 * The columns to begin with: those that are the cheapest for most of what pods cost if each class had the nodes to itself, and
 * one at least for every class. The fewer they are, the sooner prices settle, and others join as they prove of use. Limited ones only for
 * classes that go nowhere else: what they may ask is better known once the others have found their prices.
 */
export function leadingColumns(problem: BoundProblem): ReadonlySet<number> {
  const { classes, columns } = problem;
  const fits = fitsOf(problem);
  const handicap = Float64Array.from(columns, (column) => (isLimited(column) ? 1e9 : 0));
  const weight = new Float64Array(columns.length);
  const favourites = classes.map((entry, index) => {
    let [least, best] = [Number.POSITIVE_INFINITY, -1];
    for (let column = 0; column < columns.length; column++) {
      if (fits[index * columns.length + column] === 0) continue;
      const cost = aloneOn(columns[column] as BoundColumn, entry) + (handicap[column] as number);
      if (cost < least) [least, best] = [cost, column];
    }
    if (best >= 0) weight[best] = (weight[best] as number) + entry.count * Math.min(least, 1e6);
    return best;
  });
  const order = [...columns.keys()].sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b);
  const all = weight.reduce((sum, own) => sum + own, 0);
  const leaders = new Set<number>();
  let covered = 0;
  for (const column of order) {
    if (covered >= wellCovered * all) break;
    leaders.add(column);
    covered += weight[column] as number;
  }
  favourites.forEach((best, index) => {
    const served = [...leaders].some((column) => fits[index * columns.length + column] === 1);
    if (best >= 0 && !served) leaders.add(best);
  });
  return leaders;
}

/**
 * What a pod of each class pays where it is cheapest among the columns in play, at the average prices, and the choices to go
 * on with: those that are not much dearer, and those that are still played.
 */
export function cheapestChoices(
  problem: BoundProblem,
  prices: ColumnPrices,
  inPlay: ReadonlySet<number>,
  before?: Choices,
): { readonly choices: Choices; readonly perPod: Float64Array } {
  const { classes, columns, rows } = problem;
  const fits = fitsOf(problem);
  const perUnit = prices.perUnit();
  const perPod = new Float64Array(classes.length);
  const width = rows.length;
  const first = new Int32Array(classes.length + 1);
  const chosen: number[] = [];
  const order = Int32Array.from([...inPlay].sort((a, b) => a - b));
  const costs = new Float64Array(order.length);
  for (let index = 0; index < classes.length; index++) {
    const { needs, group } = classes[index] as BoundClass;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < order.length; at++) {
      const column = order[at] as number;
      let cost = Number.POSITIVE_INFINITY;
      if (fits[index * columns.length + column] === 1) {
        cost = group < 0 ? 0 : prices.perMember(column, group);
        for (let row = 0; row < width; row++)
          cost += (needs[row] as number) * (perUnit[column * width + row] as number);
      }
      costs[at] = cost;
      if (cost < least) least = cost;
    }
    if (least < Number.POSITIVE_INFINITY) perPod[index] = least;
    const limit = before === undefined ? Number.MAX_VALUE : least * (1 + margin);
    for (let at = 0; at < order.length; at++) {
      const column = order[at] as number;
      if ((costs[at] as number) <= limit || isPlayed(before, index, column)) chosen.push(column);
    }
    first[index + 1] = chosen.length;
  }
  return { choices: entries(problem, prices, first, chosen, before), perPod };
}

function isPlayed(before: Choices | undefined, index: number, column: number): boolean {
  const at = before === undefined ? -1 : entryOf(before, index, column);
  return at >= 0 && (before?.regret[at] as number) > 0;
}

/** What a pod costs, in USD per hour, on nodes that only its like is on. */
function aloneOn({ capacity, usdPerHour }: BoundColumn, { needs, group }: BoundClass): number {
  let share = group < 0 ? 0 : 1;
  for (let row = 0; row < needs.length; row++)
    if ((needs[row] as number) > 0) share = Math.max(share, (needs[row] as number) / (capacity[row] as number));
  return share * usdPerHour;
}

function entries(
  problem: BoundProblem,
  prices: ColumnPrices,
  first: Int32Array,
  chosen: readonly number[],
  before: Choices | undefined,
): Choices {
  const { classes, columns, rows } = problem;
  const width = rows.length;
  const size = chosen.length;
  const choices = {
    first,
    column: Int32Array.from(chosen),
    groupRow: new Int32Array(size).fill(-1),
    load: new Float64Array(size * width),
    groupLoad: new Float64Array(size),
    share: new Float64Array(size),
    regret: new Float64Array(size),
    cost: new Float64Array(size),
  };
  for (let index = 0; index < classes.length; index++) {
    const { needs, count, group } = classes[index] as (typeof classes)[number];
    const [from, to] = [first[index] as number, first[index + 1] as number];
    let total = 0;
    for (let at = from; at < to; at++) {
      const column = chosen[at] as number;
      const { capacity, sharing } = columns[column] as (typeof columns)[number];
      for (let row = 0; row < width; row++) {
        const room = capacity[row] as number;
        choices.load[at * width + row] = room > 0 ? (count * (needs[row] as number)) / room : 0;
      }
      if (group >= 0) {
        choices.groupRow[at] = prices.groupRow(column, group);
        choices.groupLoad[at] = count / (sharing.get(group) ?? 1);
      }
      const earlier = before === undefined ? -1 : entryOf(before, index, column);
      choices.regret[at] = earlier < 0 ? 0 : (before?.regret[earlier] as number);
      total += choices.regret[at] as number;
    }
    // Who has no past starts evenly.
    for (let at = from; at < to; at++)
      choices.share[at] = total > 0 ? (choices.regret[at] as number) / total : 1 / (to - from);
  }
  return choices;
}

function entryOf({ first, column }: Choices, index: number, wanted: number): number {
  for (let at = first[index] as number; at < (first[index + 1] as number); at++) if (column[at] === wanted) return at;
  return -1;
}

/** By class and column, whether at least one pod can be there. */
function fitsOf(problem: BoundProblem): Uint8Array {
  let fits = fitsCache.get(problem);
  if (fits === undefined) {
    const { classes, columns } = problem;
    fits = new Uint8Array(classes.length * columns.length);
    for (let index = 0; index < classes.length; index++)
      for (let column = 0; column < columns.length; column++) {
        const [entry, kind] = [classes[index] as (typeof classes)[number], columns[column] as (typeof columns)[number]];
        fits[index * columns.length + column] = mostOnOneNode(kind, entry, index) > 0 ? 1 : 0;
      }
    fitsCache.set(problem, fits);
  }
  return fits;
}
