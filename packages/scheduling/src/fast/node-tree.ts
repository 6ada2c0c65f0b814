/** What the tree is asked to find: room for a pod, on a node that its rules allow. */
export interface NodeQuestion {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  /** Whether nodes like this one, all of one group, come into question at all. */
  acceptsGroup(group: number, node: number): boolean;
  /** Whether a node with room for a pod, cpu and memory, of a group that is accepted, takes the pod. */
  accepts(node: number): boolean;
}

/**
 * How nodes are scored: as score.ts does, in ten-thousandths, or as kube-scheduler does, in whole percentages. `any` scores
 * all alike.
 */
export type TreeScore = 'least' | 'most' | 'leastPercent' | 'mostPercent' | 'any';

const steps = 10_000;
const none = -2;
const mixed = -1;
/** More than all rounding errors of a sum of two shares in ten-thousandths. */
const slack = 1e-6;

/**
 * A binary tree over all nodes, neighbours being alike, that keeps for every subtree the most that is free in it and the best
 * share that is free of any node. So the best node is found by looking at few: a subtree is passed over when nothing in it
 * has the room, when its group is refused, or when its bound is no better than what is known.
 */
export class NodeTree {
  /** Leaves that fit; leaf `position` is entry `#size + position`. */
  #size = 1;
  readonly #positionOf: number[] = [];
  /** Most free millicores and bytes; minus infinity where no node takes even an empty pod. */
  #cpu = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
  #memory = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
  /** Greatest and smallest sum of the free shares of cpu and memory, in ten-thousandths. */
  #most = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
  #least = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  /** Bounds of allocatable; a node without any counts as infinitely large, since no share of it is ever free. */
  #cpuFrom = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  #cpuTo = new Float64Array(2);
  #memoryFrom = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  #memoryTo = new Float64Array(2);
  /** Bounds of node indices. */
  #first = new Int32Array(2).fill(0x7fffffff);
  #last = new Int32Array(2).fill(-1);
  /** The one group of all its nodes; `mixed`, or `none` without a node. */
  #group = new Int32Array(2).fill(none);
  #stack = new Int32Array(128);

  /** Places nodes in this order; they have nothing free until `set`. */
  constructor(order: readonly number[]) {
    this.#resize(order.length + 16);
    for (const [position, node] of order.entries()) this.#positionOf[node] = position;
  }

  /** Makes room for the next node index. */
  push(): void {
    const position = this.#positionOf.length;
    if (position >= this.#size) this.#resize(2 * this.#size);
    this.#positionOf.push(position);
  }

  /** Gives up the last node index. */
  pop(): void {
    this.clear(this.#positionOf.length - 1);
    this.#positionOf.pop();
  }

  /** The node is gone. */
  clear(node: number): void {
    const leaf = this.#size + (this.#positionOf[node] as number);
    this.#cpu[leaf] = this.#memory[leaf] = this.#most[leaf] = Number.NEGATIVE_INFINITY;
    this.#least[leaf] = this.#cpuFrom[leaf] = this.#memoryFrom[leaf] = Number.POSITIVE_INFINITY;
    this.#cpuTo[leaf] = this.#memoryTo[leaf] = 0;
    this.#first[leaf] = 0x7fffffff;
    this.#last[leaf] = -1;
    this.#group[leaf] = none;
    this.#climb(leaf);
  }

  /** What the node is and offers; to be followed by `setFree`. */
  set(node: number, group: number, allocatableCpu: number, allocatableMemory: number): void {
    const leaf = this.#size + (this.#positionOf[node] as number);
    this.#cpuFrom[leaf] = this.#cpuTo[leaf] = allocatableCpu > 0 ? allocatableCpu : Number.POSITIVE_INFINITY;
    this.#memoryFrom[leaf] = this.#memoryTo[leaf] =
      allocatableMemory > 0 ? allocatableMemory : Number.POSITIVE_INFINITY;
    this.#first[leaf] = this.#last[leaf] = node;
    this.#group[leaf] = group;
    // An impossible value, so that `setFree` sees a change and tells the whole path.
    this.#cpu[leaf] = Number.NaN;
  }

  /** What is free on the node now; `pods` below one means that it takes no pod at all. */
  setFree(node: number, cpu: number, memory: number, pods: number): void {
    const leaf = this.#size + (this.#positionOf[node] as number);
    const open = pods >= 1;
    const cpuNow = open ? cpu : Number.NEGATIVE_INFINITY;
    const memoryNow = open ? memory : Number.NEGATIVE_INFINITY;
    if (this.#cpu[leaf] === cpuNow && this.#memory[leaf] === memoryNow) return;
    this.#cpu[leaf] = cpuNow;
    this.#memory[leaf] = memoryNow;
    const share =
      ((cpu > 0 ? cpu / (this.#cpuTo[leaf] as number) : 0) +
        (memory > 0 ? memory / (this.#memoryTo[leaf] as number) : 0)) *
      steps;
    this.#most[leaf] = open ? share : Number.NEGATIVE_INFINITY;
    this.#least[leaf] = open ? share : Number.POSITIVE_INFINITY;
    this.#climb(leaf);
  }

  /** The node with the highest score that the question accepts, the lowest index among equals; -1 when there is none. */
  best(question: NodeQuestion, score: TreeScore): number {
    const { cpuMillicores: cpu, memoryBytes: memory } = question;
    const leastCpu = cpu > 0 ? cpu : -Number.MAX_VALUE;
    const leastMemory = memory > 0 ? memory : -Number.MAX_VALUE;
    const [stack, size, first, group, most] = [this.#stack, this.#size, this.#first, this.#group, this.#most];
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    let height = 0;
    stack[height++] = 1;
    while (height > 0) {
      // Negative: the group was accepted further up.
      const entry = stack[--height] as number;
      const at = entry < 0 ? -entry : entry;
      if ((this.#cpu[at] as number) < leastCpu || (this.#memory[at] as number) < leastMemory) continue;
      if (best !== -1) {
        const bound = this.#bound(at, cpu, memory, score);
        if (bound < bestScore || (bound === bestScore && (first[at] as number) > best)) continue;
      }
      const own = group[at] as number;
      if (entry > 0 && own >= 0 && !question.acceptsGroup(own, first[at] as number)) continue;
      if (at >= size) {
        const node = first[at] as number;
        const value = this.#score(at, cpu, memory, score);
        if ((value > bestScore || (value === bestScore && node < best)) && question.accepts(node)) {
          best = node;
          bestScore = value;
        }
        continue;
      }
      const left = 2 * at;
      const sign = own >= 0 ? -1 : 1;
      // The more promising half first, so that the other can mostly be passed over.
      const difference =
        score === 'most' || score === 'mostPercent'
          ? (this.#least[left + 1] as number) - (this.#least[left] as number)
          : (most[left] as number) - (most[left + 1] as number);
      const leftFirst = difference > 0 || (!(difference < 0) && (first[left] as number) < (first[left + 1] as number));
      stack[height++] = sign * (leftFirst ? left + 1 : left);
      stack[height++] = sign * (leftFirst ? left : left + 1);
    }
    return best;
  }

  /** The lowest node index from `start` on that the question accepts and that scores as node `like` does (-1: any score). */
  firstFrom(question: NodeQuestion, start: number, score: TreeScore, like: number): number {
    const { cpuMillicores: cpu, memoryBytes: memory } = question;
    const leastCpu = cpu > 0 ? cpu : -Number.MAX_VALUE;
    const leastMemory = memory > 0 ? memory : -Number.MAX_VALUE;
    const [stack, size, first, last, group] = [this.#stack, this.#size, this.#first, this.#last, this.#group];
    const wanted = like === -1 ? 0 : this.#score(size + (this.#positionOf[like] as number), cpu, memory, score);
    let found = 0x7fffffff;
    let height = 0;
    stack[height++] = 1;
    while (height > 0) {
      const entry = stack[--height] as number;
      const at = entry < 0 ? -entry : entry;
      if ((this.#cpu[at] as number) < leastCpu || (this.#memory[at] as number) < leastMemory) continue;
      if ((last[at] as number) < start || (first[at] as number) >= found) continue;
      if (like !== -1 && this.#bound(at, cpu, memory, score) < wanted) continue;
      const own = group[at] as number;
      if (entry > 0 && own >= 0 && !question.acceptsGroup(own, first[at] as number)) continue;
      if (at >= size) {
        const node = first[at] as number;
        if ((like === -1 || this.#score(at, cpu, memory, score) === wanted) && question.accepts(node)) found = node;
        continue;
      }
      const left = 2 * at;
      const sign = own >= 0 ? -1 : 1;
      const leftFirst = (first[left] as number) <= (first[left + 1] as number);
      stack[height++] = sign * (leftFirst ? left + 1 : left);
      stack[height++] = sign * (leftFirst ? left : left + 1);
    }
    return found === 0x7fffffff ? -1 : found;
  }

  /** The score of one node, to compare candidates that were found otherwise. */
  scoreOf(node: number, question: NodeQuestion, score: TreeScore): number {
    const leaf = this.#size + (this.#positionOf[node] as number);
    return this.#score(leaf, question.cpuMillicores, question.memoryBytes, score);
  }

  /** Whether the node has room for a pod with this cpu and memory. */
  hasRoom(node: number, { cpuMillicores, memoryBytes }: NodeQuestion): boolean {
    const leaf = this.#size + (this.#positionOf[node] as number);
    const [cpu, memory] = [this.#cpu[leaf] as number, this.#memory[leaf] as number];
    return (
      cpu !== Number.NEGATIVE_INFINITY &&
      (cpuMillicores <= 0 || cpuMillicores <= cpu) &&
      (memoryBytes <= 0 || memoryBytes <= memory)
    );
  }

  #score(leaf: number, cpu: number, memory: number, score: TreeScore): number {
    if (score === 'any') return 0;
    const freeCpu = (this.#cpu[leaf] as number) - cpu;
    const freeMemory = (this.#memory[leaf] as number) - memory;
    const [ofCpu, ofMemory] = [this.#cpuTo[leaf] as number, this.#memoryTo[leaf] as number];
    if (score === 'least') return share(freeCpu, ofCpu) + share(freeMemory, ofMemory);
    if (score === 'most') return -(share(freeCpu, ofCpu) + share(freeMemory, ofMemory));
    const percentage = Math.floor((percent(freeCpu, ofCpu) + percent(freeMemory, ofMemory)) / 2);
    return score === 'leastPercent' ? percentage : -percentage;
  }

  /** No node below scores higher. Exact where all nodes below are equal and nothing is refused. */
  #bound(at: number, cpu: number, memory: number, score: TreeScore): number {
    if (score === 'any') return 0;
    // A request below zero would widen shares; nobody sends one, so it need not be quick.
    if (cpu < 0 || memory < 0) return Number.POSITIVE_INFINITY;
    if (score === 'least' || score === 'leastPercent') {
      const sum =
        (this.#most[at] as number) -
        (cpu / (this.#cpuTo[at] as number) + memory / (this.#memoryTo[at] as number)) * steps +
        slack;
      const freeCpu = (this.#cpu[at] as number) - cpu;
      const freeMemory = (this.#memory[at] as number) - memory;
      const [ofCpu, ofMemory] = [this.#cpuFrom[at] as number, this.#memoryFrom[at] as number];
      if (score === 'least') return Math.min(Math.floor(sum), share(freeCpu, ofCpu) + share(freeMemory, ofMemory));
      return Math.floor(Math.min(sum / 100, percent(freeCpu, ofCpu) + percent(freeMemory, ofMemory)) / 2);
    }
    const sum =
      (this.#least[at] as number) -
      (cpu / (this.#cpuFrom[at] as number) + memory / (this.#memoryFrom[at] as number)) * steps -
      slack;
    // Two shares are rounded down, so together they lose less than two steps.
    if (score === 'most') return -Math.max(0, Math.floor(sum) - 1);
    return -Math.max(0, Math.floor((Math.floor(sum / 100) - 1) / 2));
  }

  /** Tells the path to the root; stops where nothing changes any more. */
  #climb(leaf: number): void {
    for (let at = leaf >> 1; at >= 1; at >>= 1) if (!this.#pull(at)) return;
  }

  #pull(at: number): boolean {
    const left = 2 * at;
    const right = left + 1;
    const cpu = larger(this.#cpu[left] as number, this.#cpu[right] as number);
    const memory = larger(this.#memory[left] as number, this.#memory[right] as number);
    const most = larger(this.#most[left] as number, this.#most[right] as number);
    const least = smaller(this.#least[left] as number, this.#least[right] as number);
    const cpuFrom = smaller(this.#cpuFrom[left] as number, this.#cpuFrom[right] as number);
    const cpuTo = larger(this.#cpuTo[left] as number, this.#cpuTo[right] as number);
    const memoryFrom = smaller(this.#memoryFrom[left] as number, this.#memoryFrom[right] as number);
    const memoryTo = larger(this.#memoryTo[left] as number, this.#memoryTo[right] as number);
    const first = Math.min(this.#first[left] as number, this.#first[right] as number);
    const last = Math.max(this.#last[left] as number, this.#last[right] as number);
    const [one, other] = [this.#group[left] as number, this.#group[right] as number];
    const group = one === none ? other : other === none || one === other ? one : mixed;
    if (
      this.#cpu[at] === cpu &&
      this.#memory[at] === memory &&
      this.#most[at] === most &&
      this.#least[at] === least &&
      this.#group[at] === group &&
      this.#first[at] === first &&
      this.#last[at] === last &&
      this.#cpuFrom[at] === cpuFrom &&
      this.#cpuTo[at] === cpuTo &&
      this.#memoryFrom[at] === memoryFrom &&
      this.#memoryTo[at] === memoryTo
    )
      return false;
    this.#cpu[at] = cpu;
    this.#memory[at] = memory;
    this.#most[at] = most;
    this.#least[at] = least;
    this.#cpuFrom[at] = cpuFrom;
    this.#cpuTo[at] = cpuTo;
    this.#memoryFrom[at] = memoryFrom;
    this.#memoryTo[at] = memoryTo;
    this.#first[at] = first;
    this.#last[at] = last;
    this.#group[at] = group;
    return true;
  }

  #resize(least: number): void {
    const before = this.#size;
    let size = 2;
    while (size < least) size *= 2;
    const longer = <T extends Float64Array | Int32Array>(from: T, to: T): T => {
      to.set(from.subarray(before, 2 * before), size);
      return to;
    };
    const floats = (fill: number) => new Float64Array(2 * size).fill(fill);
    this.#cpu = longer(this.#cpu, floats(Number.NEGATIVE_INFINITY));
    this.#memory = longer(this.#memory, floats(Number.NEGATIVE_INFINITY));
    this.#most = longer(this.#most, floats(Number.NEGATIVE_INFINITY));
    this.#least = longer(this.#least, floats(Number.POSITIVE_INFINITY));
    this.#cpuFrom = longer(this.#cpuFrom, floats(Number.POSITIVE_INFINITY));
    this.#cpuTo = longer(this.#cpuTo, floats(0));
    this.#memoryFrom = longer(this.#memoryFrom, floats(Number.POSITIVE_INFINITY));
    this.#memoryTo = longer(this.#memoryTo, floats(0));
    this.#first = longer(this.#first, new Int32Array(2 * size).fill(0x7fffffff));
    this.#last = longer(this.#last, new Int32Array(2 * size).fill(-1));
    this.#group = longer(this.#group, new Int32Array(2 * size).fill(none));
    this.#size = size;
    for (let at = size - 1; at >= 1; at--) this.#pull(at);
  }
}

function share(free: number, allocatable: number): number {
  return free > 0 ? Math.floor((free / allocatable) * steps) : 0;
}

function percent(free: number, allocatable: number): number {
  return free > 0 ? Math.floor((free * 100) / allocatable) : 0;
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}

function smaller(a: number, b: number): number {
  return Math.min(a, b);
}
