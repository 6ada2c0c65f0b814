import type { BoundColumn, BoundProblem } from '@cloudoptim/scheduling';
import type { Choices } from './choices.js';

/** Of a limited column, what part of the crowd counts: this many times as many nodes as there are. */
const crowd = 2;

/** How many turns what a joining column was guessed to ask counts for. */
const inertia = 20;

/**
 * How every column shares its price out over its resources and exclusive groups. A column without limit gives out its whole
 * price; one that is there only so often may ask more, at the cost of as much for each of its nodes, or less.
 */
export class ColumnPrices {
  #columns: readonly BoundColumn[];
  readonly #width: number;
  /** Rows of all columns: first the resources of each and what it does not give out, then groups as they come. */
  readonly #columnOf: number[] = [];
  readonly #share: number[] = [];
  readonly #regret: number[] = [];
  readonly #sum: number[] = [];
  readonly #groupRows = new Map<number, number>();
  readonly #groups: number;
  /** The most that a node of the column gives out, in USD per hour. */
  readonly #ceiling: Float64Array;
  /** Columns that some class has weighed already. */
  readonly #used: Uint8Array;
  #weight = 0;
  readonly #limited: readonly boolean[];
  /** Of unused columns: which one it asks like, and by what factor more or less. */
  readonly #model: Int32Array;
  readonly #scale: Float64Array;
  readonly #load: number[] = [];
  readonly #peak: Float64Array;
  readonly #mean: Float64Array;
  readonly #total: Float64Array;
  /** Columns whose prices move in the turns to come, and their rows. Any other gets no crowd, and so stays as it is. */
  readonly #moves: Uint8Array;
  #movingColumns: readonly number[] = [];
  #movingRows = new Int32Array(0);

  constructor({ columns, rows, classes }: BoundProblem) {
    this.#columns = columns;
    this.#width = rows.length;
    this.#groups = 1 + classes.reduce((most, { group }) => Math.max(most, group), -1);
    const asked = rows.map((_, row) => classes.some(({ needs }) => (needs[row] as number) > 0));
    this.#ceiling = Float64Array.from(columns, (column) => ceilingOf(column, columns, asked));
    this.#limited = columns.map(isLimited);
    this.#model = new Int32Array(columns.length).fill(-1);
    this.#scale = new Float64Array(columns.length).fill(1);
    this.#used = new Uint8Array(columns.length);
    this.#peak = new Float64Array(columns.length);
    this.#mean = new Float64Array(columns.length);
    this.#total = new Float64Array(columns.length);
    this.#moves = new Uint8Array(columns.length);
    columns.forEach((column, index) => {
      const { capacity, usdPerHour } = column;
      const given = isLimited(column) ? Math.min(1, usdPerHour / (this.#ceiling[index] || 1)) : 1;
      const shared = [0, 1].filter((row) => (capacity[row] as number) > 0);
      for (let row = 0; row < this.#width; row++) this.#addRow(index, shared.includes(row) ? given / shared.length : 0);
      this.#addRow(index, 1 - given);
    });
  }

  /** The same columns, for other pods: `share` of all regrets counts. */
  goOn({ columns }: BoundProblem, share: number): void {
    this.#columns = columns;
    for (let row = 0; row < this.#regret.length; row++) this.#regret[row] = share * (this.#regret[row] as number);
  }

  /** Some class weighs the column from now on. The first time, it gets rows for all groups, priced as guessed. */
  join(column: number): void {
    if (this.#used[column] === 1) return;
    this.#used[column] = 1;
    for (let group = 0; group < this.#groups; group++)
      this.#makeGroupRow(column, group, this.#guess(column, group) / (this.#ceiling[column] || 1));
    if ((this.#model[column] as number) < 0) return;
    // What was guessed is worth some turns of experience: without, the first crowd would throw it over.
    const weight = inertia * Math.min(1, (this.#columns[column] as BoundColumn).supply);
    for (let row = 0; row < this.#share.length; row++)
      if (this.#columnOf[row] === column) this.#regret[row] = weight * (this.#share[row] as number);
  }

  groupRow(column: number, group: number): number {
    return this.#groupRows.get(column * this.#groups + group) ?? this.#makeGroupRow(column, group, 0);
  }

  /** What one pod of the group pays on the column for being there at all, in USD per hour on average. */
  perMember(column: number, group: number): number {
    const row = this.#groupRows.get(column * this.#groups + group);
    const paid = row === undefined ? this.#guess(column, group) : this.#average(row);
    return paid / (this.#columns[column]?.sharing.get(group) ?? 1);
  }

  /** Average prices in USD per hour and unit, by column and row. */
  perUnit(): Float64Array {
    const prices = new Float64Array(this.#columns.length * this.#width);
    this.#columns.forEach(({ capacity }, column) => {
      for (let row = 0; row < this.#width; row++) {
        const room = capacity[row] as number;
        if (room > 0) prices[column * this.#width + row] = this.#average(column * (this.#width + 1) + row) / room;
      }
    });
    return prices;
  }

  /**
   * A column that nobody has weighed yet asks per unit what one of those in play asks: no class finds it a bargain then that
   * does not find that one a bargain. Of several, the one that makes the least of its room. A column without limit may not ask
   * more than its price, and then asks less for everything.
   */
  guessUnused(): void {
    const perUnit = this.perUnit();
    const models = [...this.#columns.keys()].filter((index) => this.#used[index] === 1 && !this.#limited[index]);
    this.#columns.forEach((column, index) => {
      if (this.#used[index] === 1) return;
      let [least, best] = [Number.POSITIVE_INFINITY, -1];
      for (const model of models) {
        if (!isSubset(column.open, (this.#columns[model] as BoundColumn).open)) continue;
        const asks = this.#asksLike(model, column, perUnit);
        if (asks < least) [least, best] = [asks, model];
      }
      this.#model[index] = best;
      if (best < 0 || least <= 0) return;
      const ceiling = this.#ceiling[index] as number;
      const scale = this.#limited[index] ? Math.min(1, ceiling / least) : ceiling / least;
      this.#scale[index] = scale;
      const base = index * (this.#width + 1);
      for (let row = 0; row < this.#width; row++) {
        const unit = perUnit[best * this.#width + row] as number;
        this.#set(base + row, (scale * unit * (column.capacity[row] as number)) / (ceiling || 1));
      }
      this.#set(base + this.#width, this.#limited[index] ? Math.max(0, 1 - (scale * least) / (ceiling || 1)) : 0);
    });
  }

  /** What a node of the column would ask at the prices of another. */
  #asksLike(model: number, { capacity, sharing }: BoundColumn, perUnit: Float64Array): number {
    let asks = 0;
    for (let row = 0; row < this.#width; row++)
      asks += (capacity[row] as number) * (perUnit[model * this.#width + row] as number);
    for (let group = 0; group < this.#groups; group++)
      asks += this.perMember(model, group) * Math.min(sharing.get(group) ?? 1, 1000);
    return asks;
  }

  #guess(column: number, group: number): number {
    const model = this.#model[column] as number;
    if (model < 0) return 0;
    return (
      this.perMember(model, group) * (this.#scale[column] as number) * (this.#columns[column]?.sharing.get(group) ?? 1)
    );
  }

  #set(row: number, share: number): void {
    this.#share[row] = share;
    this.#sum[row] = share * this.#weight;
  }

  /**
   * Goes on from the averages, and averages anew: what was played while the choices were others is forgotten, and a column that
   * nobody weighs any more stays at its average and not at the extreme that it played last. `choices` are those of the turns
   * to come.
   */
  restart({ column }: Choices): void {
    this.#total.fill(0);
    for (let row = 0; row < this.#share.length; row++) {
      const own = this.#columnOf[row] as number;
      this.#total[own] = (this.#total[own] as number) + (this.#regret[row] as number);
      this.#share[row] = this.#averageShare(row);
      this.#sum[row] = 0;
    }
    for (let row = 0; row < this.#share.length; row++)
      this.#regret[row] = (this.#share[row] as number) * (this.#total[this.#columnOf[row] as number] as number);
    this.#weight = 0;
    this.#moves.set(this.#limited.map(Number));
    for (const chosen of column) this.#moves[chosen] = 1;
    this.#movingColumns = [...this.#columns.keys()].filter((index) => this.#moves[index] === 1);
    this.#movingRows = Int32Array.from(
      [...this.#columnOf.keys()].filter((row) => this.#moves[this.#columnOf[row] as number] === 1),
    );
  }

  /** Writes what each class would pay for each of its choices at the prices of this turn. */
  costs({ column, groupRow, load, groupLoad, cost }: Choices): void {
    const width = this.#width;
    const share = this.#share;
    for (let at = 0; at < column.length; at++) {
      const to = column[at] as number;
      const base = to * (width + 1);
      let part = 0;
      for (let row = 0; row < width; row++) part += (load[at * width + row] as number) * (share[base + row] as number);
      const group = groupRow[at] as number;
      if (group >= 0) part += (groupLoad[at] as number) * (share[group] as number);
      cost[at] = part * (this.#ceiling[to] as number);
    }
  }

  /** One turn: every column shifts its price to where the classes now crowd. Averages weigh later turns more. */
  respond(choices: Choices, weight: number): void {
    this.#gather(choices);
    const rows = this.#movingRows;
    const columnOf = this.#columnOf;
    const share = this.#share;
    const regret = this.#regret;
    const gain = this.#load;
    const mean = this.#mean;
    const total = this.#total;
    this.#crowd();
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number;
      const column = columnOf[row] as number;
      mean[column] = (mean[column] as number) + (share[row] as number) * (gain[row] as number);
    }
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number;
      const column = columnOf[row] as number;
      const next = Math.max(0, (regret[row] as number) + (gain[row] as number) - (mean[column] as number));
      regret[row] = next;
      total[column] = (total[column] as number) + next;
    }
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number;
      const sum = total[columnOf[row] as number] as number;
      if (sum > 0) share[row] = (regret[row] as number) / sum;
      this.#sum[row] = (this.#sum[row] as number) + weight * (share[row] as number);
    }
    this.#weight += weight;
  }

  /** Makes the crowds of limited columns what they count for, and forgets what was summed up for the last turn. */
  #crowd(): void {
    const gain = this.#load;
    const peaks = this.#peak;
    for (const column of this.#movingColumns) peaks[column] = this.#mean[column] = this.#total[column] = 0;
    if (!this.#limited.includes(true)) return;
    for (const row of this.#movingRows) {
      const column = this.#columnOf[row] as number;
      peaks[column] = Math.max(peaks[column] as number, gain[row] as number);
    }
    for (const index of this.#movingColumns) {
      if (this.#limited[index] !== true) continue;
      // Beyond its own price, a limited column pays for each of its nodes what it asks for one.
      const column = this.#columns[index] as BoundColumn;
      const idle = index * (this.#width + 1) + this.#width;
      const asks = (this.#ceiling[index] as number) * (1 - (this.#share[idle] as number));
      if (column.kept || asks > column.usdPerHour) gain[idle] = (gain[idle] as number) + column.supply;
    }
    // Where a hundred want the one node there is, regrets would take a hundred turns to come back from one turn's crowd.
    for (const row of this.#movingRows) {
      const index = this.#columnOf[row] as number;
      if (this.#limited[index] !== true) continue;
      const { supply } = this.#columns[index] as BoundColumn;
      const peak = peaks[index] as number;
      if (peak > crowd * supply) gain[row] = ((gain[row] as number) * crowd * supply) / peak;
    }
  }

  /** How many nodes of each column the classes need for each row. */
  #gather({ column, groupRow, load, groupLoad, share }: Choices): void {
    const width = this.#width;
    const sums = this.#load;
    for (const row of this.#movingRows) sums[row] = 0;
    for (let at = 0; at < column.length; at++) {
      const part = share[at] as number;
      if (part === 0) continue;
      const base = (column[at] as number) * (width + 1);
      for (let row = 0; row < width; row++)
        sums[base + row] = (sums[base + row] as number) + part * (load[at * width + row] as number);
      const group = groupRow[at] as number;
      if (group >= 0) sums[group] = (sums[group] as number) + part * (groupLoad[at] as number);
    }
  }

  #average(row: number): number {
    return this.#averageShare(row) * (this.#ceiling[this.#columnOf[row] as number] as number);
  }

  #averageShare(row: number): number {
    const moves = this.#weight > 0 && this.#moves[this.#columnOf[row] as number] === 1;
    return (moves ? (this.#sum[row] as number) / this.#weight : this.#share[row]) as number;
  }

  #makeGroupRow(column: number, group: number, share: number): number {
    const row = this.#addRow(column, share);
    this.#groupRows.set(column * this.#groups + group, row);
    return row;
  }

  #addRow(column: number, share: number): number {
    this.#columnOf.push(column);
    this.#share.push(share);
    this.#regret.push(0);
    // As if it had been so from the start.
    this.#sum.push(share * this.#weight);
    this.#load.push(0);
    return this.#share.length - 1;
  }
}

/** A loop: with a function called for each rule this was a twentieth of a small plan under constraints. */
function isSubset(a: Uint8Array, b: Uint8Array): boolean {
  for (let rule = 0; rule < a.length; rule++) if (a[rule] === 1 && b[rule] !== 1) return false;
  return true;
}

export function isLimited({ kept, supply }: BoundColumn): boolean {
  return kept || supply < Number.POSITIVE_INFINITY;
}

/**
 * The most that it can pay to ask for a node: its price where there is no limit, else what it costs to buy as much room
 * without limit. Where nothing else has its resources, a generous guess.
 */
function ceilingOf(column: BoundColumn, columns: readonly BoundColumn[], asked: readonly boolean[]): number {
  if (!isLimited(column)) return column.usdPerHour;
  let least = Number.POSITIVE_INFINITY;
  let dearest = column.usdPerHour;
  for (const other of columns) {
    dearest = Math.max(dearest, other.usdPerHour);
    if (isLimited(other)) continue;
    const nodes = column.capacity.reduce((most, room, row) => {
      const theirs = other.capacity[row] as number;
      return room === 0 || !asked[row] ? most : Math.max(most, theirs > 0 ? room / theirs : Number.POSITIVE_INFINITY);
    }, 0);
    least = Math.min(least, other.usdPerHour * nodes);
  }
  return Math.max(column.usdPerHour, Number.isFinite(least) ? 1.1 * least : 4 * dearest);
}
