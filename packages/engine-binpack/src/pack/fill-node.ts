import type { BoundColumn, BoundProblem } from '@cloudoptim/scheduling';
import type { Guide } from './guide.js';
import { KindList } from './kind-list.js';
import type { Held } from './packing.js';
import type { PodKinds } from './pod-kinds.js';
import type { Stock } from './stock.js';

/** How a node is filled. */
export interface FillStyle {
  /** Of the pods of one kind that would best use up the room that is left, what share is taken at once. */
  readonly boldness: number;
  /** By kind: what its choice is weighed with. */
  readonly favour: Float64Array;
  /** By column: what part of the small pods that are left its node takes before all others; none when absent. */
  readonly early?: (column: number) => number;
}

export interface FilledNode {
  readonly holds: readonly Held[];
  /** What the pods are worth together at the guide's prices, in USD per hour. */
  readonly worth: number;
}

/** Between two looks at all kinds, so many steps are taken among the better ones. */
const stepsBetweenLooks = 8;

/** Pods that take no more of any resource than this share of the node are small; places for pods aside. */
const small = 0.002;

/** Fills nodes one at a time; keeps its working memory from one to the next. */
export class NodeFiller {
  readonly #problem: BoundProblem;
  readonly #kinds: PodKinds;
  readonly #list: KindList;
  /** By kind: the first of its classes of which the node may take more. */
  readonly #nextClass: Int32Array;
  /** By `copies * kinds + kind`, classes of which each copy may have one; as long as the stock stays the same. */
  readonly #classes = new Map<number, readonly number[]>();
  #classesAt = -1;
  /** Pods on the node by class, and by group. */
  readonly #taken: Int32Array;
  readonly #inGroup = new Map<number, number>();
  #holds: number[] = [];
  #copies = 1;

  constructor(problem: BoundProblem, kinds: PodKinds) {
    this.#problem = problem;
    this.#kinds = kinds;
    this.#list = new KindList(kinds);
    this.#nextClass = new Int32Array(kinds.count);
    this.#taken = new Int32Array(problem.classes.length);
  }

  /** Kinds looked at since this was last asked: the measure of work. */
  takeLooked(): number {
    const { looked } = this.#list;
    this.#list.looked = 0;
    return looked;
  }

  /**
   * What to put on an empty node of the column, of which so many copies are to be made. Step by step, the kind whose pods point
   * the most along what is left of the room, resources weighed by their prices: large pods first, and none that leave one
   * resource stranded (the dot-product rule of Panigrahy et al., "Heuristics for Vector Bin Packing", 2011). Small pods would all be
   * left for the last nodes, which run out of places for pods, so a part of them comes first. The stock is not changed.
   */
  fill(stock: Stock, column: number, guide: Guide, style: FillStyle, copies: number): FilledNode {
    const { rows, needs } = this.#kinds;
    const kind = this.#problem.columns[column] as BoundColumn;
    const width = rows.length;
    const room = rows.map((row) => kind.capacity[row] as number);
    const scale = room.map((amount) => (amount > 0 ? 1 / amount : 0));
    const weight = rows.map((_, at) => guide.weights[column * width + at] as number);
    const pull = new Float64Array(width);
    this.#copies = copies;
    this.#holds = [];
    this.#inGroup.clear();
    this.#nextClass.fill(0);
    if (this.#classesAt !== stock.version) this.#classes.clear();
    this.#classesAt = stock.version;
    const list = this.#list;
    this.#start(stock, column, guide.merit(column), style.favour);
    const part = style.early?.(column) ?? 0;
    let worth = part > 0 ? this.#takeSmall(stock, kind, part, room, scale, guide) : 0;
    let steps = 0;
    while (list.size > 0) {
      for (let at = 0; at < width; at++)
        pull[at] = (weight[at] as number) * (room[at] as number) * (scale[at] as number) ** 2;
      // Most kinds stay far from the best for some steps: only the better ones are weighed each time.
      const isWide = list.betterSize === 0 || steps >= stepsBetweenLooks;
      const place = isWide ? list.best(room, pull) : list.bestOfBetter(room, pull);
      steps = isWide ? 1 : steps + 1;
      if (place < 0) {
        if (isWide) break;
        continue;
      }
      const best = list.kind(place);
      const wanted = this.#wanted(best, room, weight, scale, style.boldness);
      const got = this.#take(stock, best, wanted, kind);
      worth += got * (guide.value[best] as number);
      for (let at = 0; at < width; at++) room[at] = (room[at] as number) - got * (needs[best * width + at] as number);
      // None is left, or every group of the kind is on the node already.
      if (got < wanted) list.end(place);
    }
    const holds = this.#holds.sort((a, b) => a - b).map((index): Held => [index, this.#taken[index] as number]);
    for (const [index] of holds) this.#taken[index] = 0;
    return { holds, worth };
  }

  /** Takes a part of the small pods, of each kind in turn as many as are due; returns what they are worth. */
  #takeSmall(
    stock: Stock,
    column: BoundColumn,
    part: number,
    room: number[],
    scale: readonly number[],
    { value }: Guide,
  ): number {
    const { needs, rows } = this.#kinds;
    const width = rows.length;
    let [worth, due] = [0, 0];
    this.#list.looked += this.#list.size;
    for (let place = 0; place < this.#list.size; place++) {
      const kind = this.#list.kind(place);
      const from = kind * width;
      let [share, most] = [0, Number.MAX_SAFE_INTEGER];
      for (let at = 0; at < width; at++) {
        const need = needs[from + at] as number;
        if (need <= 0) continue;
        most = Math.min(most, Math.floor((room[at] as number) / need));
        if (this.#problem.rows[rows[at] as number] !== 'pods') share = Math.max(share, need * (scale[at] as number));
      }
      if (share > small || share === 0) continue;
      // Most kinds are of one pod: what is not yet a whole one is due with the next kind.
      due += part * (stock.ofKind[kind] as number);
      const wanted = Math.min(most, Math.floor(due / this.#copies));
      if (wanted < 1) continue;
      due -= wanted * this.#copies;
      const got = this.#take(stock, kind, wanted, column);
      worth += got * (value[kind] as number);
      for (let at = 0; at < width; at++) room[at] = (room[at] as number) - got * (needs[from + at] as number);
    }
    return worth;
  }

  /** Lists the kinds that have pods for every copy and fit on an empty node. */
  #start(stock: Stock, column: number, merit: Float64Array, favour: Float64Array): void {
    const { count, fits } = this.#kinds;
    this.#list.clear();
    for (const kind of stock.kinds())
      if ((stock.ofKind[kind] as number) >= this.#copies && fits[column * count + kind] === 1)
        this.#list.add(kind, merit[kind] as number, favour[kind] as number);
  }

  /** How many pods of the kind to take at once: some of those that would bring the room nearest to nothing. */
  #wanted(
    kind: number,
    room: readonly number[],
    weight: readonly number[],
    scale: readonly number[],
    boldness: number,
  ): number {
    const { needs, rows } = this.#kinds;
    const width = rows.length;
    let most = Number.MAX_SAFE_INTEGER;
    let [along, square] = [0, 0];
    for (let at = 0; at < width; at++) {
      const need = needs[kind * width + at] as number;
      if (need <= 0) continue;
      most = Math.min(most, Math.floor((room[at] as number) / need));
      const share = need * (scale[at] as number);
      along += (weight[at] as number) * share * (room[at] as number) * (scale[at] as number);
      square += (weight[at] as number) * share * share;
    }
    return Math.max(1, Math.min(most, square > 0 ? Math.floor((boldness * along) / square) : most));
  }

  /** Takes so many pods of the kind, or as many as there are and groups allow; returns how many. */
  #take(stock: Stock, kind: number, wanted: number, column: BoundColumn): number {
    const classes = this.#classesOf(stock, kind);
    let got = 0;
    let at = this.#nextClass[kind] as number;
    for (; at < classes.length; at++) {
      const index = classes[at] as number;
      const group = stock.groupOf(index);
      const spare = group < 0 ? wanted : this.#spare(group, column);
      const taken = spare <= 0 ? 0 : this.#takeClass(stock, index, Math.min(wanted - got, spare));
      if (group >= 0 && taken > 0) this.#inGroup.set(group, (this.#inGroup.get(group) ?? 0) + taken);
      got += taken;
      // There may be more of this class.
      if (got === wanted) break;
    }
    this.#nextClass[kind] = at;
    return got;
  }

  /** Classes of the kind that have pods for every copy. Groups that are large ask for the most nodes, so they come first. */
  #classesOf(stock: Stock, kind: number): readonly number[] {
    const { members, count } = this.#kinds;
    const key = this.#copies * count + kind;
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const found = (members[kind] as readonly number[]).filter((index) => this.#left(stock, index) > 0);
    const size = (index: number) => stock.ofGroup[stock.groupOf(index)] as number;
    if (stock.groupOf(found[0] ?? 0) >= 0) found.sort((a, b) => size(b) - size(a) || a - b);
    this.#classes.set(key, found);
    return found;
  }

  #takeClass(stock: Stock, index: number, wanted: number): number {
    const got = Math.min(wanted, this.#left(stock, index));
    if (got <= 0) return 0;
    if (this.#taken[index] === 0) this.#holds.push(index);
    this.#taken[index] = (this.#taken[index] as number) + got;
    return got;
  }

  /** Pods of the class that each copy of the node may still have. */
  #left({ left }: Stock, index: number): number {
    return Math.floor((left[index] as number) / this.#copies) - (this.#taken[index] as number);
  }

  #spare(group: number, { sharing }: BoundColumn): number {
    return (sharing.get(group) ?? 1) - (this.#inGroup.get(group) ?? 0);
  }
}
