import { type BoundClass, type BoundColumn, type BoundProblem, needsTable } from '@cloudoptim/scheduling';
import { type ColumnPrices, isLimited } from './column-prices.js';
import { fitsOf } from './fits-table.js';

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
  before?: EarlierChoices,
): { readonly choices: () => Choices; readonly perPod: Float64Array } {
  const { classes, columns, rows } = problem;
  const fits = fitsOf(problem);
  const needs = needsTable(problem);
  const perUnit = prices.perUnit();
  const perPod = new Float64Array(classes.length);
  const width = rows.length;
  const first = new Int32Array(classes.length + 1);
  const chosen: number[] = [];
  const order = Int32Array.from(inPlay).sort();
  const costs = new Float64Array(order.length);
  for (let index = 0; index < classes.length; index++) {
    const { group } = classes[index] as BoundClass;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < order.length; at++) {
      const column = order[at] as number;
      let cost = Number.POSITIVE_INFINITY;
      if (fits[index * columns.length + column] === 1) {
        cost = group < 0 ? 0 : prices.perMember(column, group);
        for (let row = 0; row < width; row++)
          cost += (needs[index * width + row] as number) * (perUnit[column * width + row] as number);
      }
      costs[at] = cost;
      if (cost < least) least = cost;
    }
    if (least < Number.POSITIVE_INFINITY) perPod[index] = least;
    const limit = before === undefined ? Number.MAX_VALUE : least * (1 + margin);
    const played = new Played(before, index);
    for (let at = 0; at < order.length; at++) {
      const column = order[at] as number;
      if ((costs[at] as number) <= limit || played.regret(column) > 0) chosen.push(column);
    }
    first[index + 1] = chosen.length;
  }
  return { choices: () => entries(problem, prices, first, chosen, before), perPod };
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
  before: EarlierChoices | undefined,
): Choices {
  const { classes, columns, rows } = problem;
  const needs = needsTable(problem);
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
  const { load, share, regret } = choices;
  for (let index = 0; index < classes.length; index++) {
    const { count, group } = classes[index] as BoundClass;
    const [from, to] = [first[index] as number, first[index + 1] as number];
    const played = new Played(before, index);
    let total = 0;
    for (let at = from; at < to; at++) {
      const column = chosen[at] as number;
      const { capacity, sharing } = columns[column] as BoundColumn;
      for (let row = 0; row < width; row++) {
        const room = capacity[row] as number;
        load[at * width + row] = room > 0 ? (count * (needs[index * width + row] as number)) / room : 0;
      }
      if (group >= 0) {
        choices.groupRow[at] = prices.groupRow(column, group);
        choices.groupLoad[at] = count / (sharing.get(group) ?? 1);
      }
      const earlier = played.regret(column);
      regret[at] = earlier;
      total += earlier;
    }
    // Who has no past starts evenly.
    for (let at = from; at < to; at++) share[at] = total > 0 ? (regret[at] as number) / total : 1 / (to - from);
  }
  return choices;
}

/** What is known of choices that were weighed before. */
export type EarlierChoices = Pick<Choices, 'first' | 'column' | 'regret'>;

/** The choices as those of other classes, `earlierOf` each, -1 for one without a past; `share` of their regrets counts. */
export function relabelled(
  { first, column, regret }: Choices,
  earlierOf: ArrayLike<number>,
  share: number,
): EarlierChoices {
  const own = { first: new Int32Array(earlierOf.length + 1), column: [] as number[], regret: [] as number[] };
  for (let index = 0; index < earlierOf.length; index++) {
    const earlier = earlierOf[index] as number;
    const [from, to] = earlier < 0 ? [0, 0] : [first[earlier] as number, first[earlier + 1] as number];
    for (let at = from; at < to; at++) {
      own.column.push(column[at] as number);
      own.regret.push(share * (regret[at] as number));
    }
    own.first[index + 1] = own.column.length;
  }
  return { first: own.first, column: Int32Array.from(own.column), regret: Float64Array.from(own.regret) };
}

/** What a class made of its choices before, asked in the order of columns: each run of entries is in that order. */
class Played {
  readonly #before: EarlierChoices | undefined;
  readonly #to: number;
  #at: number;

  constructor(before: EarlierChoices | undefined, index: number) {
    this.#before = before;
    this.#at = before?.first[index] ?? 0;
    this.#to = before?.first[index + 1] ?? 0;
  }

  /** Zero where the column was no choice. */
  regret(column: number): number {
    if (this.#before === undefined) return 0;
    const { column: columns, regret } = this.#before;
    while (this.#at < this.#to && (columns[this.#at] as number) < column) this.#at++;
    return this.#at < this.#to && columns[this.#at] === column ? (regret[this.#at] as number) : 0;
  }
}
