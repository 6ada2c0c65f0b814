import type { BoundColumn, BoundProblem } from '@cloudoptim/scheduling';
import { type FilledNode, type FillStyle, NodeFiller } from './fill-node.js';
import { type Decisive, type Guide, Guides } from './guide.js';
import { Pace } from './pace.js';
import type { PackedNode } from './packing.js';
import type { PodKinds } from './pod-kinds.js';
import type { Stock } from './stock.js';

/** How much of what is left, by worth, may be placed before prices are found anew. */
const refresh = 0.1;

/** Of the last nodes, each is more than that. */
const refreshInTail = 0.4;

/** A node that holds less for its price than this share of the best one at the same prices calls for new prices. */
const disappointing = 0.985;

/** Columns tried for each node after the whole shortlist was tried once. */
const favourites = 3;

/** From so many kinds on, with fewer than two pods each, hardly any two pods are alike. */
const manyKinds = 500;

/** Then a node takes, before it is filled, so much of its part by price of the small pods that are left; the others fill gaps. */
const smallFirst = 0.8;

/** In how many different nodes what is left is packed; more nodes than that are made of copies. */
const differentNodes = 40;

/**
 * Columns of the shortlist that are tried while each node is made in at least so many copies: those that serve most of what is left.
 * The others have their turn when less is.
 */
const columnsOfMany = 16;
const manyCopies = 4;

/** Columns tried for the last nodes beside the shortlist. */
const otherSizes = 24;

/** Below so many of the dearest nodes, what is left is better served by sizes that the prices do not name. */
const tailNodes = 3;

/**
 * Packs what is in stock, node by node, each the one that holds the most for its price, at dual prices that are found anew as
 * demand is used up. Pods are used up in proportion: kinds that lag behind are favoured, so that what is left stays like what
 * there was, prices stay right, and there is always something small to fill gaps with. Without this the gap is five times as
 * wide. Nodes are made in copies, so that the work does not grow with the number of pods. What fits nowhere stays in stock.
 * `hadDecisive` says whether there was any group that decides how large nodes can be.
 */
export async function packGreedily(
  problem: BoundProblem,
  kinds: PodKinds,
  stock: Stock,
  spend: (looked: number) => Promise<void>,
  decisive?: Decisive,
): Promise<{ readonly nodes: PackedNode[]; readonly hadDecisive: boolean; readonly worth: number }> {
  const areUnlike = kinds.count >= manyKinds && 2 * kinds.count > stock.total;
  const guides = new Guides(problem, kinds, spend, {
    ...(decisive && { decisive }),
    ...(areUnlike && { loyalty: 16 }),
  });
  const packer = new GreedyPacker(problem, new NodeFiller(problem, kinds), stock, spend);
  const pace = new Pace(problem, kinds, stock);
  let worth: number | undefined;
  while (stock.total > 0) {
    const guide = await guides.of(stock, packer.supply);
    worth ??= guide.worth;
    const early = (column: number) =>
      smallFirst * Math.min(1, (problem.columns[column]?.usdPerHour ?? 0) / guide.worth);
    const style = { boldness: 0.2, favour: pace.favour(stock), ...(areUnlike && { early }) };
    const placed = (await packer.packSome(guide, style)) || (await packer.packOne(guide, style, packer.open()));
    if (!placed) break;
  }
  return { nodes: packer.nodes, hadDecisive: guides.hadDecisive, worth: worth ?? 0 };
}

interface Choice {
  readonly column: number;
  readonly filled: FilledNode;
  /** What the node holds for each dollar. */
  readonly rate: number;
}

class GreedyPacker {
  readonly nodes: PackedNode[] = [];
  /** Nodes of each column that can still be had. */
  readonly supply: Float64Array;
  readonly #columns: readonly BoundColumn[];
  readonly #filler: NodeFiller;
  readonly #stock: Stock;
  readonly #spend: (looked: number) => Promise<void>;

  constructor({ columns }: BoundProblem, filler: NodeFiller, stock: Stock, spend: (looked: number) => Promise<void>) {
    this.#columns = columns;
    this.#filler = filler;
    this.#stock = stock;
    this.#spend = spend;
    this.supply = Float64Array.from(columns, (column) => column.supply);
  }

  open(): number[] {
    return [...this.#columns.keys()].filter((column) => (this.supply[column] as number) > 0);
  }

  /** Packs until prices should be found anew; false when no column of the shortlist takes anything. */
  async packSome(guide: Guide, style: FillStyle): Promise<boolean> {
    let copies = Math.max(1, Math.floor(guide.nodes / differentNodes));
    const isTail = guide.worth < tailNodes * this.#dearest(guide);
    const part = isTail ? refreshInTail : refresh;
    const listed = copies >= manyCopies ? guide.shortlist.slice(0, columnsOfMany) : guide.shortlist;
    let tried = isTail ? this.#anySize(guide) : listed;
    let [left, highest] = [guide.worth, 0];
    while (left > (1 - part) * guide.worth && this.#stock.total > 0) {
      const ranked = await this.#rank(guide, style, tried, copies);
      const [best] = ranked;
      const isPoor = best === undefined || best.rate < disappointing * highest;
      if (isPoor && copies > 1) {
        copies = Math.floor(copies / 2);
        continue;
      }
      if (best === undefined || (isPoor && left < (1 - part / 5) * guide.worth)) break;
      highest = Math.max(highest, best.rate);
      const most = Math.max(1, Math.ceil((0.5 * part * guide.worth) / Math.max(best.filled.worth, 1e-12)));
      left -= best.filled.worth * this.#take(best, most);
      tried = ranked.slice(0, favourites).map(({ column }) => column);
    }
    return left < guide.worth;
  }

  #dearest({ shortlist }: Guide): number {
    return shortlist.reduce((most, column) => Math.max(most, this.#columns[column]?.usdPerHour ?? 0), 0);
  }

  /** The shortlist, and other columns whose room is worth the most for their price. */
  #anySize({ shortlist, worthOfRoom }: Guide): number[] {
    const rate = (column: number) =>
      (worthOfRoom[column] as number) / Math.max(this.#columns[column]?.usdPerHour ?? 0, 1e-9);
    const others = this.open().filter((column) => !shortlist.includes(column));
    return [...shortlist, ...others.sort((a, b) => rate(b) - rate(a) || a - b).slice(0, otherSizes)];
  }

  /** Packs the best node of these columns; false when none takes anything. */
  async packOne(guide: Guide, style: FillStyle, tried: readonly number[]): Promise<boolean> {
    const [best] = await this.#rank(guide, style, tried, 1);
    return best !== undefined && this.#take(best, 1) > 0;
  }

  async #rank(guide: Guide, style: FillStyle, tried: readonly number[], copies: number): Promise<Choice[]> {
    const ranked: Choice[] = [];
    for (const column of tried) {
      const supply = this.supply[column] as number;
      if (supply < 1) continue;
      // Pods shared out among more copies than there can be would leave each of them half empty.
      const filled = this.#filler.fill(this.#stock, column, guide, style, Math.min(copies, supply));
      await this.#spend(this.#filler.takeLooked());
      if (filled.holds.length > 0) ranked.push({ column, filled, rate: rateOf(filled, this.#columns[column]) });
    }
    return ranked.sort((a, b) => b.rate - a.rate || a.column - b.column);
  }

  #take({ column, filled: { holds } }: Choice, most: number): number {
    const times = Math.min(this.#stock.timesLeft(holds), this.supply[column] as number, most);
    this.#stock.addAll(holds, -times);
    this.supply[column] = (this.supply[column] as number) - times;
    this.nodes.push({ column, times, holds });
    return times;
  }
}

/** Kept nodes are paid for whatever they hold, and free ones cost nothing: they come first, those that hold most before others. */
function rateOf({ worth }: FilledNode, column: BoundColumn | undefined): number {
  return column === undefined || column.kept || column.usdPerHour <= 0 ? 1e6 * (1 + worth) : worth / column.usdPerHour;
}
