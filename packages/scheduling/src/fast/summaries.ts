/** Numbers kept of each: side by side, so that one is a line of the processor's cache. */
export const fields = 8;
/** The most that is free on one of its nodes, in millicores and bytes; minus infinity when none takes a pod. */
export const mostCpu = 0;
export const mostMemory = 1;
/** The greatest and the smallest share that is free, of cpu and memory together, in ten-thousandths. */
export const mostShare = 2;
export const leastShare = 3;
/** What a millicore and a byte are in ten-thousandths of each of its nodes. */
export const perCpu = 4;
export const perMemory = 5;
/** Allocatable of each of its nodes; infinite for nodes without any, since no share of it is ever free. */
export const ofCpu = 6;
export const ofMemory = 7;

/** Above every node index. */
export const nowhere = 0x7fffffff;

/** What nodes of one group that stand together have at best: those of a block, or of a stretch of blocks. */
export class Summaries {
  length = 0;
  numbers = new Float64Array(64 * fields);
  group = new Int32Array(64);
  /** The lowest and the highest node index; `nowhere` and -1 without a node. */
  first = new Int32Array(64);
  last = new Int32Array(64);

  /** One more, of nodes of this group and size; without nodes yet. Returns its index. */
  push(group: number, cpu: number, memory: number): number {
    if (this.length === this.group.length) this.#grow();
    const at = this.length++;
    const offset = at * fields;
    this.numbers[offset + ofCpu] = cpu;
    this.numbers[offset + ofMemory] = memory;
    this.numbers[offset + perCpu] = 10_000 / cpu;
    this.numbers[offset + perMemory] = 10_000 / memory;
    this.group[at] = group;
    this.first[at] = nowhere;
    this.last[at] = -1;
    this.free(
      at,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
    return at;
  }

  /** What is free on them now. */
  free(at: number, cpu: number, memory: number, greatest: number, smallest: number): void {
    const { numbers } = this;
    const offset = at * fields;
    numbers[offset + mostCpu] = cpu;
    numbers[offset + mostMemory] = memory;
    numbers[offset + mostShare] = greatest;
    numbers[offset + leastShare] = smallest;
  }

  /** What is free on those that `parts` sums up from `from` to before `to`. */
  combineFree(at: number, { numbers }: Summaries, from: number, to: number): void {
    let cpu = Number.NEGATIVE_INFINITY;
    let memory = Number.NEGATIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    for (let part = from; part < to; part++) {
      const offset = part * fields;
      cpu = Math.max(cpu, numbers[offset + mostCpu] as number);
      memory = Math.max(memory, numbers[offset + mostMemory] as number);
      greatest = Math.max(greatest, numbers[offset + mostShare] as number);
      smallest = Math.min(smallest, numbers[offset + leastShare] as number);
    }
    this.free(at, cpu, memory, greatest, smallest);
  }

  /** Which nodes there are among those parts. */
  combineNodes(at: number, parts: Summaries, from: number, to: number): void {
    let first = nowhere;
    let last = -1;
    for (let part = from; part < to; part++) {
      first = Math.min(first, parts.first[part] as number);
      last = Math.max(last, parts.last[part] as number);
    }
    this.first[at] = first;
    this.last[at] = last;
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.numbers.length);
    numbers.set(this.numbers);
    this.numbers = numbers;
    [this.group, this.first, this.last] = [doubled(this.group), doubled(this.first), doubled(this.last)];
  }
}

function doubled(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * from.length);
  longer.set(from);
  return longer;
}
