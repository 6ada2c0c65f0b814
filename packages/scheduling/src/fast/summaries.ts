/** Above every node index. */
export const nowhere = 0x7fffffff;

/** Numbers of a row: 1 << 3, a cache line. */
export const rowBits = 3;

/**
 * Places in a row: the most that is free on one of the nodes, in millicores and bytes (minus infinity when none takes a pod); the
 * greatest and the smallest share that is free, of cpu and memory together, in ten-thousandths; what a millicore and a byte are in
 * ten-thousandths of each node; allocatable of each node (infinite for nodes without any, since no share of it is ever free).
 */
export const mostCpu = 0;
export const mostMemory = 1;
export const mostShare = 2;
export const leastShare = 3;
export const perCpu = 4;
export const perMemory = 5;
export const ofCpu = 6;
export const ofMemory = 7;

/** What nodes of one group that stand together have at best: those of a block, of a stretch of blocks, or of all stretches of a family. */
export class Summaries {
  length = 0;
  /** One row each: in columns of their own V8 would check eight arrays for what is read together. */
  rows = new Float64Array(64 << rowBits);
  group = new Int32Array(64);
  /** The lowest and the highest node index; `nowhere` and -1 without a node. */
  first = new Int32Array(64);
  last = new Int32Array(64);
  /** The same of their turns where one among equals is drawn. */
  firstTurn = new Int32Array(64);
  lastTurn = new Int32Array(64);

  /** One more, of nodes of this group and size; without nodes yet. Returns its index. */
  push(group: number, cpu: number, memory: number): number {
    if (this.length === this.group.length) this.#grow();
    const at = this.length++;
    this.set(at, group, cpu, memory);
    return at;
  }

  /** What is at this index is now of nodes of this group and size; without nodes yet. */
  set(at: number, group: number, cpu: number, memory: number): void {
    const { rows } = this;
    const row = at << rowBits;
    this.group[at] = group;
    this.first[at] = nowhere;
    this.last[at] = -1;
    this.firstTurn[at] = nowhere;
    this.lastTurn[at] = -1;
    rows[row + mostCpu] = rows[row + mostMemory] = rows[row + mostShare] = Number.NEGATIVE_INFINITY;
    rows[row + leastShare] = Number.POSITIVE_INFINITY;
    rows[row + perCpu] = 10_000 / cpu;
    rows[row + perMemory] = 10_000 / memory;
    rows[row + ofCpu] = cpu;
    rows[row + ofMemory] = memory;
  }

  /** Something more is free than at any of the nodes so far, or less. */
  widen(at: number, place: number, value: number): void {
    const { rows } = this;
    const index = (at << rowBits) + place;
    const known = rows[index] as number;
    if (place === leastShare ? value < known : value > known) rows[index] = value;
  }

  /** Sums up one number of those that `parts` sums up from `from` to before `to`. */
  combine(at: number, place: number, parts: Summaries, from: number, to: number): void {
    this.rows[(at << rowBits) + place] =
      place === leastShare
        ? smallest(parts.rows, rowBits, place, from, to)
        : greatest(parts.rows, rowBits, place, from, to);
  }

  /** As if there were no nodes, to be followed by `addNodes` of each part. */
  clearNodes(at: number): void {
    this.first[at] = this.firstTurn[at] = nowhere;
    this.last[at] = this.lastTurn[at] = -1;
  }

  /** The nodes of the part are among them. */
  addNodes(at: number, { first, last, firstTurn, lastTurn }: Summaries, part: number): void {
    this.first[at] = Math.min(this.first[at] as number, first[part] as number);
    this.last[at] = Math.max(this.last[at] as number, last[part] as number);
    this.firstTurn[at] = Math.min(this.firstTurn[at] as number, firstTurn[part] as number);
    this.lastTurn[at] = Math.max(this.lastTurn[at] as number, lastTurn[part] as number);
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.rows.length);
    longer.set(this.rows);
    this.rows = longer;
    for (const name of ['group', 'first', 'last', 'firstTurn', 'lastTurn'] as const) {
      const column = new Int32Array(2 * this.length);
      column.set(this[name]);
      this[name] = column;
    }
  }
}

/** The greatest number at a place of the rows from `from` to before `to`, of 1 << `bits` numbers each. What is not a number is passed over. */
export function greatest(rows: Float64Array, bits: number, place: number, from: number, to: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row++) {
    const value = rows[(row << bits) + place] as number;
    if (value > most) most = value;
  }
  return most;
}

/** The smallest one, likewise. */
export function smallest(rows: Float64Array, bits: number, place: number, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let row = from; row < to; row++) {
    const value = rows[(row << bits) + place] as number;
    if (value < least) least = value;
  }
  return least;
}
