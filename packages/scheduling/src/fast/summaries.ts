/** Numbers kept of each: side by side, so that one is a line of the processor's cache. */
export const fields = 8;
/** The most that is free on one of its nodes, in millicores and bytes; minus infinity when none takes a pod. */
export const mostCpu = 0;
export const mostMemory = 1;
/** The greatest and the smallest share that is free; infinite, either way, where nodes differ in size and no bound is known. */
export const mostShare = 2;
export const leastShare = 3;
/** What a millicore and a byte are in ten-thousandths of one of its nodes; zero where they differ in size. */
export const perCpu = 4;
export const perMemory = 5;
/** Allocatable of each of its nodes; NaN where they differ. */
export const ofCpu = 6;
export const ofMemory = 7;

/** Instead of a group: there is no node, or nodes of several groups. */
export const none = -2;
export const mixed = -1;
/** Above every node index. */
export const nowhere = 0x7fffffff;

/** What nodes that stand together have at best: those of a block, or of a stretch of blocks. */
export class Summaries {
  readonly numbers: Float64Array;
  /** The one group of all its nodes; `mixed`, or `none` without a node. */
  readonly group: Int32Array;
  /** The lowest and the highest node index. */
  readonly first: Int32Array;
  readonly last: Int32Array;

  constructor(count: number) {
    this.numbers = new Float64Array(count * fields);
    this.group = new Int32Array(count).fill(none);
    this.first = new Int32Array(count).fill(nowhere);
    this.last = new Int32Array(count).fill(-1);
    for (let at = 0; at < count; at++) this.free(at, -Infinity, -Infinity, -Infinity, Infinity);
  }

  /** What the nodes are: their group and one size, NaN where they differ. */
  describe(at: number, group: number, first: number, last: number, cpu: number, memory: number): void {
    const { numbers } = this;
    const offset = at * fields;
    // Both or neither: a size is one of cpu and memory.
    const uniform = !Number.isNaN(cpu + memory);
    numbers[offset + perCpu] = uniform ? 10_000 / cpu : 0;
    numbers[offset + perMemory] = uniform ? 10_000 / memory : 0;
    numbers[offset + ofCpu] = uniform ? cpu : Number.NaN;
    numbers[offset + ofMemory] = uniform ? memory : Number.NaN;
    this.group[at] = group;
    this.first[at] = first;
    this.last[at] = last;
  }

  /** What is free on them; after `describe`. */
  free(at: number, cpu: number, memory: number, greatest: number, smallest: number): void {
    const { numbers } = this;
    const offset = at * fields;
    const uniform = !Number.isNaN(numbers[offset + ofCpu] as number);
    numbers[offset + mostCpu] = cpu;
    numbers[offset + mostMemory] = memory;
    numbers[offset + mostShare] = uniform ? greatest : Number.POSITIVE_INFINITY;
    numbers[offset + leastShare] = uniform ? smallest : Number.NEGATIVE_INFINITY;
  }

  /** Sums up those of `parts` from `from` to before `to`. */
  combine(at: number, parts: Summaries, from: number, to: number): void {
    let group = none;
    let first = nowhere;
    let last = -1;
    let [cpu, memory] = [0, 0];
    for (let part = from; part < to; part++) {
      const own = parts.group[part] as number;
      if (own === none) continue;
      group = group === none || group === own ? own : mixed;
      first = Math.min(first, parts.first[part] as number);
      last = Math.max(last, parts.last[part] as number);
      cpu = common(cpu, parts.numbers[part * fields + ofCpu] as number);
      memory = common(memory, parts.numbers[part * fields + ofMemory] as number);
    }
    this.describe(at, group, first, last, cpu, memory);
    this.combineFree(at, parts, from, to);
  }

  /** As `combine`, when the nodes are what they were. */
  combineFree(at: number, parts: Summaries, from: number, to: number): void {
    const { numbers } = parts;
    let cpu = Number.NEGATIVE_INFINITY;
    let memory = Number.NEGATIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    for (let part = from; part < to; part++) {
      if (parts.group[part] === none) continue;
      const offset = part * fields;
      cpu = Math.max(cpu, numbers[offset + mostCpu] as number);
      memory = Math.max(memory, numbers[offset + mostMemory] as number);
      greatest = Math.max(greatest, numbers[offset + mostShare] as number);
      smallest = Math.min(smallest, numbers[offset + leastShare] as number);
    }
    this.free(at, cpu, memory, greatest, smallest);
  }
}

/** The size of several, zero before the first; NaN when they differ. */
export function common(size: number, next: number): number {
  return size === 0 || size === next ? next : Number.NaN;
}
