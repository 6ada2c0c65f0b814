/** Above every node index. */
export const nowhere = 0x7fffffff;

/** What nodes of one group that stand together have at best: those of a block, or of a stretch of blocks. */
export class Summaries {
  length = 0;
  group = new Int32Array(64);
  /** The lowest and the highest node index; `nowhere` and -1 without a node. */
  first = new Int32Array(64);
  last = new Int32Array(64);
  /** The same of their turns where one among equals is drawn. */
  firstTurn = new Int32Array(64);
  lastTurn = new Int32Array(64);
  /** The most that is free on one of the nodes, in millicores and bytes; minus infinity when none takes a pod. */
  mostCpu = new Float64Array(64);
  mostMemory = new Float64Array(64);
  /** The greatest and the smallest share that is free, of cpu and memory together, in ten-thousandths. */
  mostShare = new Float64Array(64);
  leastShare = new Float64Array(64);
  /** What a millicore and a byte are in ten-thousandths of each node. */
  perCpu = new Float64Array(64);
  perMemory = new Float64Array(64);
  /** Allocatable of each node; infinite for nodes without any, since no share of it is ever free. */
  ofCpu = new Float64Array(64);
  ofMemory = new Float64Array(64);

  /** One more, of nodes of this group and size; without nodes yet. Returns its index. */
  push(group: number, cpu: number, memory: number): number {
    if (this.length === this.group.length) this.#grow();
    const at = this.length++;
    this.set(at, group, cpu, memory);
    return at;
  }

  /** What is at this index is now of nodes of this group and size; without nodes yet. */
  set(at: number, group: number, cpu: number, memory: number): void {
    this.group[at] = group;
    this.first[at] = nowhere;
    this.last[at] = -1;
    this.firstTurn[at] = nowhere;
    this.lastTurn[at] = -1;
    this.ofCpu[at] = cpu;
    this.ofMemory[at] = memory;
    this.perCpu[at] = 10_000 / cpu;
    this.perMemory[at] = 10_000 / memory;
    this.free(
      at,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
  }

  /** What is free on them now. */
  free(at: number, cpu: number, memory: number, greatest: number, smallest: number): void {
    this.mostCpu[at] = cpu;
    this.mostMemory[at] = memory;
    this.mostShare[at] = greatest;
    this.leastShare[at] = smallest;
  }

  /** What is free on those that `parts` sums up from `from` to before `to`. */
  combineFree(at: number, parts: Summaries, from: number, to: number): void {
    let cpu = Number.NEGATIVE_INFINITY;
    let memory = Number.NEGATIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    for (let part = from; part < to; part++) {
      cpu = Math.max(cpu, parts.mostCpu[part] as number);
      memory = Math.max(memory, parts.mostMemory[part] as number);
      greatest = Math.max(greatest, parts.mostShare[part] as number);
      smallest = Math.min(smallest, parts.leastShare[part] as number);
    }
    this.free(at, cpu, memory, greatest, smallest);
  }

  /** Which nodes there are among those parts. */
  combineNodes(at: number, parts: Summaries, from: number, to: number): void {
    let first = nowhere;
    let last = -1;
    let firstTurn = nowhere;
    let lastTurn = -1;
    for (let part = from; part < to; part++) {
      first = Math.min(first, parts.first[part] as number);
      last = Math.max(last, parts.last[part] as number);
      firstTurn = Math.min(firstTurn, parts.firstTurn[part] as number);
      lastTurn = Math.max(lastTurn, parts.lastTurn[part] as number);
    }
    this.first[at] = first;
    this.last[at] = last;
    this.firstTurn[at] = firstTurn;
    this.lastTurn[at] = lastTurn;
  }

  #grow(): void {
    for (const name of ['group', 'first', 'last', 'firstTurn', 'lastTurn'] as const) {
      const longer = new Int32Array(2 * this.length);
      longer.set(this[name]);
      this[name] = longer;
    }
    for (const name of numbers) {
      const longer = new Float64Array(2 * this.length);
      longer.set(this[name]);
      this[name] = longer;
    }
  }
}

const numbers = [
  'mostCpu',
  'mostMemory',
  'mostShare',
  'leastShare',
  'perCpu',
  'perMemory',
  'ofCpu',
  'ofMemory',
] as const;
