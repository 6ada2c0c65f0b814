import { type BoundColumn, type BoundProblem, randomNumbers } from '@cloudoptim/scheduling';
import { type FillStyle, NodeFiller } from './fill-node.js';
import { type Guide, Guides } from './guide.js';
import type { Held, PackedNode } from './packing.js';
import type { PodKinds } from './pod-kinds.js';
import { Stock } from './stock.js';

export interface RuinOptions {
  /** Told of kinds looked at before they are. */
  readonly spend: (looked: number) => Promise<void>;
  readonly seed: number;
  /** Kinds to look at, all in all. */
  readonly looks: number;
}

/** Most nodes taken apart at once. */
const mostRuined = 5;

/** Columns tried for each new node. */
const tries = 4;

/** What filling a node costs beside the kinds looked at, in looks. */
const overhead = 2000;

/** One node, with what it holds for each dollar. */
interface Standing {
  readonly column: number;
  readonly holds: readonly Held[];
  readonly rate: number;
}

/**
 * Takes some nodes apart, poor ones for choice, and packs their pods anew in a way drawn at random; what comes out dearer is
 * undone (ruin and recreate, Schrimpf et al. 2000). `better` always holds the best packing so far, so that work may end at any
 * time. Kept nodes are left alone: emptying them saves nothing.
 */
export class RuinAndRecreate {
  readonly #problem: BoundProblem;
  readonly #kinds: PodKinds;
  readonly #fixed: PackedNode[];
  readonly #favour: Float64Array;
  #standing: Standing[] = [];

  constructor(problem: BoundProblem, kinds: PodKinds, nodes: readonly PackedNode[]) {
    this.#problem = problem;
    this.#kinds = kinds;
    this.#favour = new Float64Array(kinds.count);
    const isKept = ({ column }: PackedNode) => this.#column(column).kept;
    this.#fixed = nodes.filter(isKept);
    for (const node of nodes)
      if (!isKept(node))
        for (let copy = 0; copy < node.times; copy++)
          this.#standing.push({ column: node.column, holds: node.holds, rate: 0 });
  }

  /** The best packing so far; equal nodes are counted together. */
  get better(): PackedNode[] {
    const found = new Map<string, { column: number; times: number; holds: readonly Held[] }>();
    for (const { column, holds } of this.#standing) {
      const key = `${column} ${holds.join(' ')}`;
      const node = found.get(key);
      if (node === undefined) found.set(key, { column, times: 1, holds });
      else node.times++;
    }
    return [...this.#fixed, ...found.values()];
  }

  async run({ spend, seed, looks }: RuinOptions): Promise<void> {
    const random = randomNumbers(seed);
    const { columns, classes } = this.#problem;
    const stock = new Stock(this.#problem, this.#kinds);
    const supply = Float64Array.from(columns, (column) => column.supply);
    for (const { column, holds } of this.#standing) {
      stock.addAll(holds, 1);
      supply[column] = (supply[column] as number) - 1;
    }
    let left = looks - this.#kinds.count * columns.length;
    if (left < 0 || this.#standing.length === 0) return;
    const guide = await new Guides(this.#problem, this.#kinds, spend).of(stock, supply);
    for (let index = 0; index < classes.length; index++) stock.add(index, -(stock.left[index] as number));
    const worthOf = (holds: readonly Held[]) =>
      holds.reduce(
        (sum, [index, count]) => sum + count * (guide.value[this.#kinds.ofClass[index] as number] as number),
        0,
      );
    const rated = (column: number, holds: readonly Held[]): Standing => ({
      column,
      holds,
      rate: worthOf(holds) / Math.max(this.#column(column).usdPerHour, 1e-9),
    });
    this.#standing = this.#standing.map(({ column, holds }) => rated(column, holds));
    const filler = new NodeFiller(this.#problem, this.#kinds);
    const sizes = this.#sizes(guide);
    const work = async () => {
      const looked = filler.takeLooked() + overhead;
      left -= looked;
      await spend(looked);
    };
    /** Takes a node away, its pods going back to the stock; with -1 it is put up. */
    const takeApart = ({ column, holds }: Omit<Standing, 'rate'>, sign = 1) => {
      stock.addAll(holds, sign);
      supply[column] = (supply[column] as number) + sign;
    };
    while (left > 0) {
      const ruined = this.#choose(random);
      const before = ruined.map((at) => this.#standing[at] as Standing);
      for (const node of before) takeApart(node);
      const spent = before.reduce((sum, { column }) => sum + this.#column(column).usdPerHour, 0);
      // Free nodes cannot be made cheaper, and a turn that costs no work would never be the last.
      if (spent === 0) await work();
      const style = this.#draw(stock, random);
      const made: Standing[] = [];
      let cost = 0;
      while (stock.total > 0 && cost < spent) {
        const tried = new Set([...before.map(({ column }) => column), ...drawn(sizes, tries, random)]);
        const node = await this.#best(stock, supply, tried, guide, style, filler, work);
        if (node === undefined) break;
        takeApart(node, -1);
        cost += this.#column(node.column).usdPerHour;
        made.push(rated(node.column, node.holds));
      }
      const isBetter =
        stock.total === 0 && (cost < spent - 1e-9 || (cost < spent + 1e-9 && unevenness(made) > unevenness(before)));
      if (isBetter) {
        const gone = new Set(ruined);
        this.#standing = [...this.#standing.filter((_, at) => !gone.has(at)), ...made];
      } else {
        for (const node of made) takeApart(node);
        for (const node of before) takeApart(node, -1);
      }
    }
  }

  #column(index: number): BoundColumn {
    return this.#problem.columns[index] as BoundColumn;
  }

  /** Columns to draw from: those that the prices name, and for what is left over any whose room is well worth its price. */
  #sizes({ shortlist, worthOfRoom }: Guide): number[] {
    const rate = (column: number) => (worthOfRoom[column] as number) / Math.max(this.#column(column).usdPerHour, 1e-9);
    const others = [...this.#problem.columns.keys()].filter((column) => !this.#column(column).kept);
    return [...new Set([...shortlist, ...others.sort((a, b) => rate(b) - rate(a) || a - b).slice(0, 32)])];
  }

  /** Places of the nodes to take apart: the first is the poorest of some, of the others every second. */
  #choose(random: () => number): number[] {
    const count = Math.min(this.#standing.length, 1 + Math.ceil(random() * (mostRuined - 1)));
    const chosen = new Set<number>();
    const any = () => Math.floor(random() * this.#standing.length);
    for (let draw = 0; chosen.size < count && draw < 4 * count; draw++) {
      let at = any();
      if (draw % 2 === 0)
        for (let other = 0; other < 4; other++) {
          const next = any();
          if ((this.#standing[next] as Standing).rate < (this.#standing[at] as Standing).rate && !chosen.has(next))
            at = next;
        }
      chosen.add(at);
    }
    return [...chosen];
  }

  /** Favours drawn a little apart, so that the same pods come together in another way each time. */
  #draw(stock: Stock, random: () => number): FillStyle {
    const spread = random();
    const boldness = 0.05 + 0.4 * random();
    for (const kind of stock.kinds()) this.#favour[kind] = 1 - 0.7 * spread * random();
    return { boldness, favour: this.#favour };
  }

  /** The node that holds the most for its price, or the cheapest that holds all that is left. */
  async #best(
    stock: Stock,
    supply: Float64Array,
    tried: ReadonlySet<number>,
    guide: Guide,
    style: FillStyle,
    filler: NodeFiller,
    work: () => Promise<void>,
  ): Promise<{ readonly column: number; readonly holds: readonly Held[] } | undefined> {
    let best: { readonly column: number; readonly holds: readonly Held[] } | undefined;
    let most = -1;
    for (const column of tried) {
      if ((supply[column] as number) < 1) continue;
      await work();
      const { holds, worth } = filler.fill(stock, column, guide, style, 1);
      if (holds.length === 0) continue;
      const { usdPerHour } = this.#column(column);
      const pods = holds.reduce((sum, [, count]) => sum + count, 0);
      // One that holds everything ends the matter: its price counts alone.
      const rate = (pods === stock.total ? 1.02 : 1) * (worth / Math.max(usdPerHour, 1e-9));
      if (rate > most) [most, best] = [rate, { column, holds }];
    }
    return best;
  }
}

/** How much of the worth is gathered on few nodes: of packings that cost the same, the one with an emptier node is nearer to one less. */
function unevenness(nodes: readonly Standing[]): number {
  return nodes.reduce((sum, { rate }) => sum + rate * rate, 0);
}

function drawn(from: readonly number[], count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => from[Math.floor(random() * from.length)] as number);
}
