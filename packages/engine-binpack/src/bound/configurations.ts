import {
  type BoundClass,
  type BoundColumn,
  type BoundProblem,
  bestOnOneNode,
  mostOnOneNode,
  mostWorth,
} from '@cloudoptim/scheduling';
import { isLimited } from './column-prices.js';
import { CoveringProgramme, type Purchase } from './covering-programme.js';
import { fillByWorth } from './fill-by-worth.js';
import { tuneRoomPrices } from './room-prices.js';

/** What one node of a column may hold. */
export interface Configuration {
  readonly column: number;
  readonly holds: readonly (readonly [index: number, count: number])[];
}

/** Prices that may be changed in place. */
export interface OwnPrices {
  readonly classes: Float64Array;
  readonly columns: Float64Array;
}

/** Items looked at to prove what a node holds best, and to find something good where nothing is proven any more. */
const steps = 20_000;
const fewSteps = 3_000;

/** How much of the best prices so far goes into those that are tried next: the programme's own swing wildly (Wentges 1997). */
const calm = 0.7;

/** Columns further below their price than the best one, as a share, are looked at only every few rounds. */
const promising = 0.93;
const roundsBetweenLooks = 3;

/** Looks at all classes that it takes to set the prices of one node's room, about. */
const looksToTune = 40;

/** Pivots of the programme in one round. */
const pivots = 500;

/** Pivots between two calls of `spend`: some milliseconds at most. */
const pivotsAtOnce = 10;

/**
 * The configuration programme (Gilmore and Gomory 1961): so many nodes of each way to fill one with whole pods that all pods are
 * covered, at the least cost, parts of nodes allowed. Ways to fill nodes are found as they are needed, by asking what brings the
 * most at the prices of the pods so far. Its prices prove a stronger bound than those of resources do, since rooms that whole
 * pods cannot fill are worth less; its amounts are nearly a packing.
 */
export class Configurations {
  /** The strongest prices so far, scaled such that no node without limit is thought to bring more than it costs. */
  best: OwnPrices;
  /** What they are thought to prove; the price of kept nodes aside. In USD per hour. */
  bound: number;
  readonly #problem: BoundProblem;
  readonly #programme: CoveringProgramme;
  readonly #known: Configuration[] = [];
  readonly #limitRow: Int32Array;
  /** Prices of rooms as last set: those of the next round are near. */
  #rooms: Float64Array;
  readonly #seen = new Set<string>();
  /** By class: whether some node takes it. What fits nowhere would be worth any price. */
  readonly #hasPlace: readonly boolean[];
  /** By column: what it brings for its price, as last looked at. */
  readonly #ratio: Float64Array;
  #round = 0;

  /** Starts from prices that prove so much, and from ways to fill nodes that a packing has. */
  constructor(problem: BoundProblem, start: OwnPrices, bound: number, first: readonly Configuration[]) {
    const { classes, columns } = problem;
    this.bound = bound;
    this.#problem = problem;
    this.best = start;
    this.#rooms = start.columns;
    this.#hasPlace = classes.map((entry, index) => columns.some((column) => mostOnOneNode(column, entry, index) > 0));
    this.#limitRow = new Int32Array(columns.length).fill(-1);
    const asked = classes.map(({ count }) => count);
    columns.forEach((column, index) => {
      if (!isLimited(column)) return;
      this.#limitRow[index] = asked.length;
      asked.push(-column.supply);
    });
    this.#ratio = new Float64Array(columns.length).fill(1);
    const alone = classes.map((entry, index) => this.#alone(entry, index));
    this.#programme = new CoveringProgramme(asked, [
      ...alone.map(({ purchase }) => purchase),
      ...asked.slice(classes.length).map(() => undefined),
    ]);
    for (const { configuration } of alone) this.#known.push(configuration);
    for (const configuration of first) this.#add(configuration);
  }

  /** What the programme costs with the ways to fill nodes that are known: near its optimum, and then near the bound. */
  get usdPerHour(): number {
    return this.#programme.usdPerHour;
  }

  /** The ways to fill nodes that the programme uses, and how many nodes of each. */
  amounts(): (Configuration & { readonly amount: number })[] {
    const amounts = this.#programme.amounts();
    return this.#known.flatMap((configuration, at) =>
      (amounts[at] as number) > 1e-7 ? [{ ...configuration, amount: amounts[at] as number }] : [],
    );
  }

  /** Solves, and looks for better ways to fill nodes; false where there are none to be found. */
  async round(spend: (looked: number) => Promise<void>): Promise<boolean> {
    const { classes, columns } = this.#problem;
    const rows = classes.length + this.#limitRow.filter((row) => row >= 0).length;
    await spend(classes.length * columns.length);
    for (let done = 0; done < pivots; done += pivotsAtOnce) {
      await spend(pivotsAtOnce * rows * rows);
      if (this.#programme.solve(pivotsAtOnce) < pivotsAtOnce) break;
    }
    const own = this.#programme.prices();
    for (const share of [calm, 0]) {
      const prices = {
        classes: Float64Array.from(classes, (_, at) => {
          const price = share * (this.best.classes[at] as number) + (1 - share) * Math.max(0, own[at] as number);
          return this.#hasPlace[at] ? price : 0;
        }),
        columns: this.#rooms.slice(),
      };
      // The last word before there is nothing more to find is about all columns.
      const isWide = share === 0 || this.#round++ % roundsBetweenLooks === 0;
      if (await this.#look(prices, own, isWide, spend)) return true;
    }
    return false;
  }

  /** Looks at the columns at these prices; whether some way to fill a node was found that the programme gains by. */
  async #look(
    prices: OwnPrices,
    own: Float64Array,
    isWide: boolean,
    spend: (looked: number) => Promise<void>,
  ): Promise<boolean> {
    const { classes, columns, rows } = this.#problem;
    const bar = promising * this.#ratio.reduce((most, ratio) => Math.max(most, ratio), 0);
    const worths = new Float64Array(columns.length);
    const all = sumOf(classes, prices);
    let [excess, isGain] = [0, false];
    for (const index of this.#mostFirst()) {
      const column = columns[index] as BoundColumn;
      if (!isWide && (this.#ratio[index] as number) < bar && !isLimited(column)) continue;
      const enough = column.kept ? 0 : column.usdPerHour;
      let worth = mostWorth(this.#problem, prices, index);
      await spend(classes.length * rows.length);
      if (worth > enough) {
        worth = tuneRoomPrices(this.#problem, prices, index);
        await spend(classes.length * rows.length * looksToTune);
      }
      if (worth > enough) {
        // Where one column gave up, what the others hold at best can prove no more than is proven already.
        const mayProve = isWide && all > excess * this.bound;
        const found = bestOnOneNode(this.#problem, prices, index, enough, mayProve ? steps : fewSteps);
        await spend(found.steps);
        if (found.isProven) worth = Math.min(worth, found.worth);
        const filled = found.isProven ? found : fillByWorth(this.#problem, prices, index);
        const { holds } = filled.worth > found.worth ? filled : found;
        if (holds.length > 0 && this.#gain(index, holds, own) > 1e-9)
          isGain = this.#add({ column: index, holds }) || isGain;
      }
      worths[index] = worth;
      if (isLimited(column)) continue;
      this.#ratio[index] = worth / column.usdPerHour;
      excess = Math.max(excess, worth / column.usdPerHour);
    }
    this.#rooms = prices.columns;
    if (isWide) this.#keepBest(prices, excess, worths);
    return isGain;
  }

  /** Columns by what they bring for their price, as last looked at, the most first. */
  #mostFirst(): number[] {
    const ratio = this.#ratio;
    return [...ratio.keys()].sort((a, b) => (ratio[b] as number) - (ratio[a] as number) || a - b);
  }

  #keepBest(prices: OwnPrices, excess: number, worths: Float64Array): void {
    if (!(excess > 0)) return;
    const { classes, columns } = this.#problem;
    let bound = sumOf(classes, prices) / excess;
    columns.forEach((column, index) => {
      if (!isLimited(column)) return;
      bound -= column.supply * Math.max(0, (worths[index] as number) / excess - (column.kept ? 0 : column.usdPerHour));
    });
    if (bound <= this.bound) return;
    this.bound = bound;
    this.best = {
      classes: prices.classes.map((price) => price / excess),
      columns: prices.columns.map((price) => price / excess),
    };
  }

  #gain(column: number, holds: Configuration['holds'], own: Float64Array): number {
    const kind = this.#problem.columns[column] as BoundColumn;
    const limit = this.#limitRow[column] as number;
    const paid = (kind.kept ? 0 : kind.usdPerHour) + (limit < 0 ? 0 : (own[limit] as number));
    return holds.reduce((sum, [index, count]) => sum + count * (own[index] as number), 0) - paid;
  }

  #add(configuration: Configuration): boolean {
    const key = `${configuration.column} ${configuration.holds.join(' ')}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#known.push(configuration);
    this.#programme.add(this.#purchaseOf(configuration));
    return true;
  }

  #purchaseOf({ column, holds }: Configuration): Purchase {
    const kind = this.#problem.columns[column] as BoundColumn;
    const limit = this.#limitRow[column] as number;
    return { cost: kind.kept ? 0 : kind.usdPerHour, adds: limit < 0 ? holds : [...holds, [limit, -1]] };
  }

  /** Nodes with pods of one class alone: dear, but there from the start. Where only limited nodes take it, a price beyond all. */
  #alone(entry: BoundClass, index: number): { readonly purchase: Purchase; readonly configuration: Configuration } {
    const { columns } = this.#problem;
    let [least, best, holds] = [Number.POSITIVE_INFINITY, -1, 1];
    let dearest = 1;
    columns.forEach((column, at) => {
      dearest = Math.max(dearest, column.usdPerHour);
      const most = isLimited(column) ? 0 : mostOnOneNode(column, entry, index);
      if (most > 0 && column.usdPerHour / most < least) [least, best, holds] = [column.usdPerHour / most, at, most];
    });
    const cost = best < 0 ? 4 * dearest : (columns[best] as BoundColumn).usdPerHour;
    return {
      purchase: { cost, adds: [[index, holds]] },
      configuration: { column: best, holds: best < 0 ? [] : [[index, holds]] },
    };
  }
}

/** What all pods pay at these prices, in USD per hour. */
function sumOf(classes: readonly BoundClass[], prices: OwnPrices): number {
  return classes.reduce((sum, { count }, at) => sum + count * (prices.classes[at] as number), 0);
}
