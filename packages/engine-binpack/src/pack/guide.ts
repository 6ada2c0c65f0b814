import {
  type BoundClass,
  type BoundColumn,
  type BoundProblem,
  type DualPrices,
  needsTable,
} from '@cloudoptim/scheduling';
import { isLimited } from '../bound/column-prices.js';
import { fitsOf } from '../bound/fits-table.js';
import { PriceGame } from '../bound/price-game.js';
import { directionsOf } from './directions.js';
import type { PodKinds } from './pod-kinds.js';
import type { Stock } from './stock.js';

/** What pods and room are worth, for what is still to be placed. */
export interface Guide {
  /** Of one pod, by kind, in USD per hour: what it pays where it is cheapest. */
  readonly value: Float64Array;
  /** What part of a node's price its whole room of a row is worth: `column * rows + position in rows`. */
  readonly weights: Float64Array;
  /** By kind, what a pod is worth for each dollar of room that it takes on the column, to the power of its loyalty; 1 in the right place. */
  merit(column: number): Float64Array;
  /** Columns worth filling: each the cheapest, or nearly, for some pods. */
  readonly shortlist: readonly number[];
  /** What a node's room is worth at the lowest price that any column of the shortlist asks, in USD per hour, by column. */
  readonly worthOfRoom: Float64Array;
  /** What all pods that are left are worth together, in USD per hour. */
  readonly worth: number;
  /** How many nodes they will need, as the prices have it. */
  readonly nodes: number;
}

/** Turns of the game from one look at all columns to the next. Prices only guide here, so they need not be settled. */
const firstTurns = [12, 12, 16, 20];

/**
 * The same where a game goes on that has found its prices for nearly the same pods; not where a high power of them decides: ROADEF b_1
 * came to 1.4 % more with so few.
 */
const laterTurns = [12, 12];

const usualLoyalty = 2;

/** How much dearer than the cheapest, as a share, a column may be to be worth a try. */
const nearly = 0.01;

/** How much dearer, as a share, it may be at first and still be looked at later. */
const hopeful = 0.2;

/** Which groups decide how large nodes can be: those with more pods than this share of a number of nodes. */
export interface Decisive {
  readonly share: number;
  /** Of how many nodes the prices have it, or of at least as many as the largest group has pods. */
  readonly of: 'nodes' | 'largest-group';
}

export interface GuideOptions {
  readonly decisive?: Decisive;
  /**
   * Pods that would pay a little less on other nodes wait for those: by this power of what they pay there to what they pay here. Two
   * by default; more where sizes of pods differ by far more than what they pay does.
   */
  readonly loyalty?: number;
}

/** The last game, and what it was about. */
interface LastGame {
  readonly game: PriceGame;
  /** Of its classes, by key. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly candidates: readonly number[];
  readonly hasGroup: boolean;
  readonly pods: number;
}

/**
 * Dual prices of the linear programme over what is left, found by the game that finds the lower bound. Pods whose needs point
 * the same way are one class to it: how they share nodes out does not depend on their size.
 */
export class Guides {
  readonly #problem: BoundProblem;
  readonly #kinds: PodKinds;
  readonly #spend: (looked: number) => Promise<void>;
  readonly #direction: Int32Array;
  /** Columns that have a chance; what was far too dear for all pods at first is not looked at again. */
  #candidates: readonly number[];
  #hopefuls: readonly number[] | undefined;
  #nodes = 0;
  #last: LastGame | undefined;
  readonly #decisive: Decisive;
  readonly #loyalty: number;
  /** Whether any group was decisive yet. */
  hadDecisive = false;

  constructor(
    problem: BoundProblem,
    kinds: PodKinds,
    spend: (looked: number) => Promise<void>,
    { decisive = { share: 0.5, of: 'nodes' }, loyalty = usualLoyalty }: GuideOptions = {},
  ) {
    this.#decisive = decisive;
    this.#loyalty = loyalty;
    this.#problem = problem;
    this.#spend = spend;
    this.#kinds = kinds;
    this.#direction = directionsOf(problem, kinds);
    this.#candidates = [...problem.columns.keys()];
  }

  async of(stock: Stock, supply: ArrayLike<number>): Promise<Guide> {
    let guide = await this.#solve(stock, supply, this.#decisiveGroups(stock));
    const before = this.#nodes;
    this.#nodes = guide.nodes;
    // The first time, how many nodes there will be is known only afterwards.
    if (before === 0 && this.#decisiveGroups(stock).size > 0) {
      guide = await this.#solve(stock, supply, this.#decisiveGroups(stock));
      this.#nodes = guide.nodes;
    }
    this.#candidates = this.#hopefuls ?? this.#candidates;
    return guide;
  }

  #decisiveGroups(stock: Stock): ReadonlySet<number> {
    const groups = new Set<number>();
    if (this.#nodes === 0) return groups;
    const { share, of } = this.#decisive;
    const least = of === 'nodes' ? 0 : stock.ofGroup.reduce((most, left) => Math.max(most, left), 0);
    stock.ofGroup.forEach((left, group) => {
      if (left > share * Math.max(this.#nodes, least)) groups.add(group);
    });
    this.hadDecisive ||= groups.size > 0;
    return groups;
  }

  async #solve(stock: Stock, supply: ArrayLike<number>, groups: ReadonlySet<number>): Promise<Guide> {
    const { reduced, reducedOf, numbers } = this.#reduce(stock, supply, groups);
    const { game, turns } = this.#gameOf(reduced, numbers, stock.total);
    let prices: DualPrices = { classes: [], columns: [] };
    for (const [index, round] of turns.entries()) {
      await this.#spend(round * game.unitsPerTurn + reduced.classes.length * reduced.columns.length);
      game.play(round);
      prices = game.prices(index === turns.length - 1);
    }
    return this.#read(stock, reduced, reducedOf, Float64Array.from(prices.columns), Float64Array.from(prices.classes));
  }

  /** The game of the last time goes on, where its columns and groups are still there and none of them is limited. */
  #gameOf(reduced: BoundProblem, numbers: ReadonlyMap<number, number>, pods: number) {
    const last = this.#last;
    const hasGroup = reduced.classes.some(({ group }) => group >= 0);
    const isAlike =
      last?.candidates === this.#candidates && last.hasGroup === hasGroup && !reduced.columns.some(isLimited);
    const game = isAlike ? last.game : new PriceGame(reduced);
    if (isAlike) {
      const earlierOf = Array.from(numbers.keys(), (key) => last.numbers.get(key) ?? -1);
      game.goOn(reduced, earlierOf, pods / last.pods);
    }
    this.#last = { game, numbers, candidates: this.#candidates, hasGroup, pods };
    return { game, turns: isAlike && this.#loyalty === usualLoyalty ? laterTurns : firstTurns };
  }

  /** One class for the pods of a rule whose needs point one way; those of decisive groups apart, all such groups as one. */
  #reduce(stock: Stock, supply: ArrayLike<number>, groups: ReadonlySet<number>) {
    const { classes, columns, rows } = this.#problem;
    const { members, count } = this.#kinds;
    const found = new Map<number, { count: number; needs: number[]; rule: number; group: number }>();
    const numbers = new Map<number, number>();
    const reducedOf = new Int32Array(count).fill(-1);
    const isDecisive = groups.size > 0;
    const add = (kind: number, index: number, left: number, apart: boolean) => {
      const { needs, rule } = classes[index] as BoundClass;
      const key = 2 * (this.#direction[kind] as number) + Number(apart);
      let entry = found.get(key);
      if (entry === undefined) {
        numbers.set(key, found.size);
        entry = { count: 0, needs: rows.map(() => 0), rule, group: apart ? 0 : -1 };
        found.set(key, entry);
      }
      entry.count += left;
      for (let row = 0; row < needs.length; row++)
        entry.needs[row] = (entry.needs[row] as number) + left * (needs[row] as number);
      // A kind is worth what those of its pods are that are hardest to place.
      if (apart || (reducedOf[kind] as number) < 0) reducedOf[kind] = numbers.get(key) as number;
    };
    for (let kind = 0; kind < count; kind++) {
      const left = stock.ofKind[kind] as number;
      if (left === 0) continue;
      const own = members[kind] as readonly number[];
      const decisive = isDecisive ? own.filter((index) => groups.has((classes[index] as BoundClass).group)) : [];
      let others = left;
      for (const index of decisive) {
        const pods = stock.left[index] as number;
        if (pods > 0) add(kind, index, pods, true);
        others -= pods;
      }
      if (others > 0) add(kind, own[0] as number, others, false);
    }
    const sharing = new Map(isDecisive ? [[0, groups.size]] : []);
    const reduced: BoundProblem = {
      ...this.#problem,
      classes: [...found.values()].map((entry) => ({ ...entry, needs: entry.needs.map((sum) => sum / entry.count) })),
      columns: this.#candidates.map((at) => ({
        ...(columns[at] as BoundColumn),
        kept: false,
        supply: supply[at] as number,
        residents: new Set<number>(),
        sharing,
      })),
    };
    return { reduced, reducedOf, numbers };
  }

  #read(
    stock: Stock,
    reduced: BoundProblem,
    reducedOf: Int32Array,
    perUnit: Float64Array,
    perPod: Float64Array,
  ): Guide {
    const { columns, rows: allRows } = this.#problem;
    const { count, rows, needs, fits } = this.#kinds;
    const width = rows.length;
    const prices = new Float64Array(columns.length * width);
    const weights = new Float64Array(columns.length * width);
    this.#candidates.forEach((column, position) => {
      const { capacity } = columns[column] as BoundColumn;
      let total = 0;
      rows.forEach((row, at) => {
        prices[column * width + at] = perUnit[position * allRows.length + row] as number;
        total += (capacity[row] as number) * (prices[column * width + at] as number);
      });
      rows.forEach((row, at) => {
        const share = (capacity[row] as number) * (prices[column * width + at] as number);
        // What is not scarce by the prices still ends some day.
        weights[column * width + at] = 0.01 + (total > 0 ? share / total : 1 / width);
      });
    });
    const { least, ...found } = cheapestColumns(reduced, perUnit);
    const shortlist = found.shortlist.map((position) => this.#candidates[position] as number);
    const lowestPrice = rows.map((_, at) =>
      shortlist.reduce((low, column) => Math.min(low, prices[column * width + at] as number), Number.POSITIVE_INFINITY),
    );
    const worthOfRoom = Float64Array.from(columns, ({ capacity }) =>
      rows.reduce((sum, row, at) => sum + (capacity[row] as number) * Math.min(1e9, lowestPrice[at] as number), 0),
    );
    const value = new Float64Array(count);
    let worth = 0;
    let nodes = 0;
    for (let kind = 0; kind < count; kind++) {
      const left = stock.ofKind[kind] as number;
      if (left === 0) continue;
      let [lowest, best] = [Number.POSITIVE_INFINITY, -1];
      for (let at = 0; at < shortlist.length; at++) {
        const column = shortlist[at] as number;
        if (fits[column * count + kind] === 0) continue;
        let sum = 0;
        for (let row = 0; row < width; row++)
          sum += (needs[kind * width + row] as number) * (prices[column * width + row] as number);
        if (sum < lowest) [lowest, best] = [sum, column];
      }
      const own = reducedOf[kind] as number;
      const alone = least[own] as number;
      // What a place on a node at all is worth, beside the room, to pods that must not share it.
      const premium = Math.max(0, (perPod[own] as number) - alone);
      if (best < 0) lowest = perPod[own] as number;
      value[kind] = lowest + premium;
      worth += left * (value[kind] as number);
      if (best >= 0) nodes += (left * (value[kind] as number)) / Math.max(1e-9, columns[best]?.usdPerHour ?? 0);
    }
    const merits = new Map<number, Float64Array>();
    const merit = (column: number): Float64Array => {
      const own = merits.get(column) ?? meritsOn(this.#kinds, value, prices, column, this.#loyalty);
      merits.set(column, own);
      return own;
    };
    this.#hopefuls ??= [...found.chances].sort((a, b) => a - b).map((position) => this.#candidates[position] as number);
    return { value, weights, merit, shortlist, worthOfRoom, worth, nodes };
  }
}

/** Only of columns that are filled: of all of them it would be most of the work. */
function meritsOn(
  { count, rows, needs }: PodKinds,
  value: Float64Array,
  prices: Float64Array,
  column: number,
  loyalty: number,
): Float64Array {
  const width = rows.length;
  const merits = new Float64Array(count);
  for (let kind = 0; kind < count; kind++) {
    if (value[kind] === 0) continue;
    let sum = 0;
    for (let row = 0; row < width; row++)
      sum += (needs[kind * width + row] as number) * (prices[column * width + row] as number);
    const ratio = (value[kind] as number) / sum;
    // Nearly always the square, which is ten times as quick to multiply.
    merits[kind] = sum > 0 ? Math.max(1e-6, loyalty === usualLoyalty ? ratio * ratio : ratio ** loyalty) : 1;
  }
  return merits;
}

/** For every class its cheapest columns, and what the room there costs it. */
function cheapestColumns(problem: BoundProblem, perUnit: Float64Array) {
  const { classes, columns, rows } = problem;
  const needs = needsTable(problem);
  const fits = fitsOf(problem);
  const width = rows.length;
  const weight = new Map<number, number>();
  const chances = new Set<number>();
  const costs = new Float64Array(columns.length);
  const least = new Float64Array(classes.length);
  const isOut = Uint8Array.from(columns, ({ supply }) => (supply <= 0 ? 1 : 0));
  for (let index = 0; index < classes.length; index++) {
    let lowest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < columns.length; at++) {
      let cost = Number.POSITIVE_INFINITY;
      if (fits[index * columns.length + at] === 1 && isOut[at] === 0) {
        cost = 0;
        for (let row = 0; row < width; row++)
          cost += (needs[index * width + row] as number) * (perUnit[at * width + row] as number);
      }
      costs[at] = cost;
      if (cost < lowest) lowest = cost;
    }
    if (lowest === Number.POSITIVE_INFINITY) continue;
    least[index] = lowest;
    const { count } = classes[index] as BoundClass;
    for (let at = 0; at < columns.length; at++) {
      const cost = costs[at] as number;
      if (cost <= lowest * (1 + nearly)) weight.set(at, (weight.get(at) ?? 0) + count * lowest);
      if (cost <= lowest * (1 + hopeful)) chances.add(at);
    }
  }
  const shortlist = [...weight].sort(([a, x], [b, y]) => y - x || a - b).map(([column]) => column);
  columns.forEach(({ supply }, at) => {
    if (supply < Number.POSITIVE_INFINITY) chances.add(at);
  });
  return { shortlist, least, chances };
}
