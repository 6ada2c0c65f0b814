/** Pods of one class, as a node may hold them. */
export interface ConfigurationItem {
  /** The caller's number of the class. */
  readonly index: number;
  /** Most pods of the class on one node. */
  readonly most: number;
  /** What one pod brings, in USD per hour. */
  readonly worth: number;
  /** What one pod needs, by row; whole numbers, so that sums are exact. */
  readonly needs: readonly number[];
  /** Exclusive group, or -1. */
  readonly group: number;
}

export interface ConfigurationQuestion {
  readonly items: readonly ConfigurationItem[];
  /** Room of the node, by row. */
  readonly capacity: readonly number[];
  /** Any price of a unit of each row that is not negative, in USD per hour: the nearer to what room is worth, the shorter the search. */
  readonly perUnit: ArrayLike<number>;
  /** Pods of a group that the node may hold. */
  readonly sharing: (group: number) => number;
  /** Only what brings more than this is of interest, in USD per hour. */
  readonly above: number;
  /** Items looked at before the search gives up. */
  readonly steps: number;
}

export interface BestConfiguration {
  /** Whether nothing brings more than `worth`; false where the search gave up. */
  readonly isProven: boolean;
  /** What the best pods found bring together, or `above` where none bring more. */
  readonly worth: number;
  /** Those pods: index and count. */
  readonly holds: readonly (readonly [index: number, count: number])[];
  /** Items looked at. */
  readonly steps: number;
}

/**
 * The whole pods that bring the most on one node: a knapsack of several resources in which a group counts only so many times,
 * by depth-first branch and bound. A pod that brings less than its room costs at these prices loses the difference, and so does
 * room that stays empty; what is left to lose against `above` is the bound. Any prices are sound. Where one resource comes in
 * few sizes, a table says exactly how well it can be filled, only the others being priced: on small nodes that is most of what
 * prices overlook.
 */
export function bestConfiguration(question: ConfigurationQuestion): BestConfiguration {
  const search = new Search(question);
  search.run();
  return {
    isProven: search.steps <= question.steps,
    worth: search.best,
    holds: search.bestHolds,
    steps: search.steps,
  };
}

interface Entry extends ConfigurationItem {
  readonly cost: number;
  readonly gain: number;
}

/** How well the room of one row can be filled, the other rows being priced. */
interface FillTable {
  readonly row: number;
  /** All needs of the row are multiples of it. */
  readonly unit: number;
  readonly width: number;
  /** By entry and units of room that are left: what this and later entries bring at most beyond their room in other rows. */
  readonly most: Float64Array;
}

class Search {
  best: number;
  bestHolds: readonly (readonly [number, number])[] = [];
  steps = 0;
  readonly #question: ConfigurationQuestion;
  readonly #entries: readonly Entry[];
  /** By entry: what entries of later blocks gain at most. */
  readonly #later: Float64Array;
  /** By entry: how many of its block may be taken where it is the first of its block, else -1. */
  readonly #opens: Float64Array;
  readonly #room: number[];
  readonly #tables: readonly FillTable[];
  /** By row and entry: the least that this or a later one needs. */
  readonly #least: readonly Float64Array[];
  readonly #holds: [number, number][] = [];

  constructor(question: ConfigurationQuestion) {
    const { items, capacity, perUnit, sharing, above } = question;
    this.#question = question;
    this.best = above;
    this.#room = [...capacity];
    const blocks = blocksOf(items, perUnit);
    this.#entries = blocks.flat();
    const count = this.#entries.length;
    this.#later = new Float64Array(count);
    this.#opens = new Float64Array(count).fill(-1);
    let [end, sum] = [count, 0];
    for (const block of [...blocks].reverse()) {
      const [first] = block as [Entry, ...Entry[]];
      const share = first.group < 0 ? first.most : sharing(first.group);
      this.#later.fill(sum, end - block.length, end);
      this.#opens[end - block.length] = share;
      end -= block.length;
      sum += share * Math.max(0, first.gain);
    }
    this.#least = capacity.map((_, row) => {
      const least = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
      for (let at = count - 1; at >= 0; at--)
        least[at] = Math.min(least[at + 1] as number, this.#entries[at]?.needs[row] as number);
      return least;
    });
    this.#tables = capacity.flatMap((_, row) => this.#tableOf(row) ?? []);
  }

  run(): void {
    const { capacity, perUnit } = this.#question;
    const value = capacity.reduce((sum, amount, row) => sum + amount * (perUnit[row] as number), 0);
    this.#take(0, 0, 0, value);
  }

  /** Adds pods of this entry and later ones to what brings `worth`, in room that is worth `value`; `left` more of this block. */
  #take(from: number, worth: number, left: number, value: number): void {
    if (worth > this.best) {
      this.best = worth;
      this.bestHolds = this.#holds.map(([index, count]) => [index, count] as const);
    }
    const entries = this.#entries;
    const room = this.#room;
    for (let at = from, open = left; at < entries.length; at++) {
      if (++this.steps > this.#question.steps) return;
      const entry = entries[at] as Entry;
      if ((this.#opens[at] as number) >= 0) open = this.#opens[at] as number;
      // Of one block, later entries gain less: the bound falls from entry to entry.
      if (worth + value + (this.#later[at] as number) + open * Math.max(0, entry.gain) <= this.best) return;
      if (this.#cannotFill(at, worth, value)) return;
      let most = Math.min(open, entry.most);
      for (let row = 0; row < room.length; row++) {
        const need = entry.needs[row] as number;
        if ((room[row] as number) < ((this.#least[row] as Float64Array)[at] as number)) return;
        if (need > 0) most = Math.min(most, Math.floor((room[row] as number) / need));
      }
      for (let count = most; count > 0; count--) {
        this.#move(entry, -count);
        this.#holds.push([entry.index, count]);
        this.#take(at + 1, worth + count * entry.worth, open - count, value - count * entry.cost);
        this.#holds.pop();
        this.#move(entry, count);
        if (this.steps > this.#question.steps) return;
      }
    }
  }

  #cannotFill(at: number, worth: number, value: number): boolean {
    const { perUnit } = this.#question;
    for (const { row, unit, width, most } of this.#tables) {
      const left = this.#room[row] as number;
      const others = value - left * (perUnit[row] as number);
      if (worth + others + (most[at * width + Math.floor(left / unit)] as number) <= this.best) return true;
    }
    return false;
  }

  /** Undefined where the row is priced at nothing, or where it would take longer to make than to search without. */
  #tableOf(row: number): FillTable | undefined {
    const { capacity, perUnit, steps } = this.#question;
    const entries = this.#entries;
    const unit = entries.reduce((divisor, { needs }) => greatestDivisor(divisor, needs[row] as number), 0);
    const width = Math.floor((capacity[row] as number) / unit) + 1;
    if (!((perUnit[row] as number) > 0) || unit === 0 || !(width * entries.length <= steps)) return undefined;
    const most = new Float64Array((entries.length + 1) * width);
    let end = entries.length;
    for (let at = entries.length - 1; at >= 0; at--) {
      const entry = entries[at] as Entry;
      const need = entry.needs[row] as number;
      const units = need / unit;
      const gain = entry.worth - (entry.cost - need * (perUnit[row] as number));
      const isOnce = entry.group >= 0 ? this.#question.sharing(entry.group) === 1 : entry.most === 1;
      // Another of the same may follow, or none of its block; both are at least what can be had.
      const next = (isOnce ? end : at) * width;
      for (let left = 0; left < width; left++) {
        const without = most[(at + 1) * width + left] as number;
        const base = at * width + left;
        if (units === 0) most[base] = without + entry.most * Math.max(0, gain);
        else {
          const than = left >= units ? gain + (most[next + left - units] as number) : 0;
          most[base] = Math.max(without, than);
        }
      }
      if ((this.#opens[at] as number) >= 0) end = at;
    }
    return { row, unit, width, most };
  }

  #move({ needs }: Entry, count: number): void {
    const room = this.#room;
    for (let row = 0; row < room.length; row++) room[row] = (room[row] as number) + count * (needs[row] as number);
  }
}

/** A group a block, and every other item one of its own; what gains most, or loses least, comes first. */
function blocksOf(items: readonly ConfigurationItem[], perUnit: ArrayLike<number>): Entry[][] {
  const groups = new Map<number, Entry[]>();
  const blocks: Entry[][] = [];
  for (const item of items) {
    const cost = item.needs.reduce((sum, need, row) => sum + need * (perUnit[row] as number), 0);
    const entry = { ...item, cost, gain: item.worth - cost };
    const known = item.group < 0 ? undefined : groups.get(item.group);
    if (known !== undefined) {
      known.push(entry);
      continue;
    }
    const block = [entry];
    blocks.push(block);
    if (item.group >= 0) groups.set(item.group, block);
  }
  const byGain = (a: Entry, b: Entry) => b.gain - a.gain || b.cost - a.cost || a.index - b.index;
  for (const block of blocks) block.sort(byGain);
  return blocks.sort(([a], [b]) => byGain(a as Entry, b as Entry));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
