import { type NodeScore, scoreNode } from './node-score.js';
import { copied, largest, least, type NodeQuestion, Search } from './node-search.js';

const width = 32;
const none = -2;
const mixed = -1;
const nowhere = 0x7fffffff;
const steps = 10_000;
/** After so many best blocks in vain, the others are taken as they come. */
const mostSorted = 4;

/**
 * All nodes in blocks of up to 32 of one group, with the most that is free in each block and the greatest and smallest share. A
 * pod is compared with some hundred blocks first and then with the few nodes that may beat what was found: quicker than a
 * tree, since a scheduler that levels its nodes leaves many within a hair of the best.
 */
export class NodeBlocks {
  /** By node: its slot. Blocks are stretches of 32 slots, some of them empty. */
  readonly #slotOf: number[] = [];
  #slots = 0;
  #nodeAt = new Int32Array(0);
  #groupAt = new Int32Array(0);
  /** Free millicores and bytes; minus infinity where the node takes not even an empty pod. */
  #cpu = new Float64Array(0);
  #memory = new Float64Array(0);
  /** Sum of the free shares of cpu and memory, in ten-thousandths. */
  #share = new Float64Array(0);
  /** Allocatable; infinite for a node without any, since no share of it is ever free. */
  #ofCpu = new Float64Array(0);
  #ofMemory = new Float64Array(0);

  #mostCpu = new Float64Array(0);
  #mostMemory = new Float64Array(0);
  #mostShare = new Float64Array(0);
  #leastShare = new Float64Array(0);
  /** What a millicore and a byte are in ten-thousandths of the nodes of the block; NaN where they differ in size. */
  #perCpu = new Float64Array(0);
  #perMemory = new Float64Array(0);
  #blockCpu = new Float64Array(0);
  #blockMemory = new Float64Array(0);
  #first = new Int32Array(0);
  #last = new Int32Array(0);
  /** The one group of all its nodes; `mixed`, or `none` without a node. */
  #group = new Int32Array(0);
  /** The best that a block may have, for one question. */
  #keys = new Float64Array(0);
  readonly #stale: number[] = [];
  #isStale = new Uint8Array(0);
  readonly #search = new Search();

  /** Places nodes in this order, a new block where `startsBlock`; nothing is known of them until `set`. */
  constructor(order: readonly number[], startsBlock: readonly boolean[]) {
    for (const [position, node] of order.entries()) {
      if (startsBlock[position] === true) this.#slots = Math.ceil(this.#slots / width) * width;
      this.#slotOf[node] = this.#slots++;
    }
    // Nodes that join later come into blocks of their own.
    this.#slots = Math.ceil(this.#slots / width) * width;
    this.#resize(this.#slots + 4 * width);
  }

  /** Makes room for the next node index. */
  push(): void {
    if (this.#slots >= this.#nodeAt.length) this.#resize(2 * this.#nodeAt.length);
    this.#slotOf.push(this.#slots++);
  }

  /** Gives up the last node index, which must be one that was pushed. */
  pop(): void {
    this.clear(this.#slotOf.length - 1);
    this.#slotOf.pop();
    this.#slots--;
  }

  /** The node is gone. */
  clear(node: number): void {
    const slot = this.#slotOf[node] as number;
    this.#nodeAt[slot] = -1;
    this.#cpu[slot] = this.#memory[slot] = Number.NEGATIVE_INFINITY;
    this.#describe((slot / width) | 0);
    this.#touch(slot);
  }

  /** What the node is and offers; to be followed by `setFree`. */
  set(node: number, group: number, allocatableCpu: number, allocatableMemory: number): void {
    const slot = this.#slotOf[node] as number;
    this.#nodeAt[slot] = node;
    this.#groupAt[slot] = group;
    this.#ofCpu[slot] = allocatableCpu > 0 ? allocatableCpu : Number.POSITIVE_INFINITY;
    this.#ofMemory[slot] = allocatableMemory > 0 ? allocatableMemory : Number.POSITIVE_INFINITY;
    this.#describe((slot / width) | 0);
  }

  /** What is free on the node now; `pods` below one means that it takes no pod at all. */
  setFree(node: number, cpu: number, memory: number, pods: number): void {
    const slot = this.#slotOf[node] as number;
    const open = pods >= 1;
    this.#cpu[slot] = open ? cpu : Number.NEGATIVE_INFINITY;
    this.#memory[slot] = open ? memory : Number.NEGATIVE_INFINITY;
    const ofCpu = cpu > 0 ? cpu / (this.#ofCpu[slot] as number) : 0;
    const ofMemory = memory > 0 ? memory / (this.#ofMemory[slot] as number) : 0;
    this.#share[slot] = (ofCpu + ofMemory) * steps;
    this.#touch(slot);
  }

  /** The node with the highest score that the question accepts, the lowest index among equals; -1 when there is none. */
  best(question: NodeQuestion, score: NodeScore): number {
    this.#refresh();
    let block = this.#bound(question, score);
    const search = this.#search;
    search.start(question, score);
    const keys = this.#keys;
    const count = this.#first.length;
    for (let round = 0; block !== -1 && search.best === -1 && round < mostSorted; round++) {
      this.#visit(block, search);
      keys[block] = Number.NEGATIVE_INFINITY;
      if (search.best === -1) block = largest(keys, count);
    }
    if (block === -1) return -1;
    for (let at = 0; at < count; at++) {
      const key = keys[at] as number;
      if (key < search.equal || key === Number.NEGATIVE_INFINITY) continue;
      if (key >= search.better || (this.#first[at] as number) < search.best) this.#visit(at, search);
    }
    return search.best;
  }

  /** The lowest node index from `start` on that the question accepts and that scores as node `like` does (-1: any score). */
  firstFrom(question: NodeQuestion, start: number, score: NodeScore, like: number): number {
    this.#refresh();
    const { cpuMillicores: cpu, memoryBytes: memory } = question;
    const leastCpu = least(cpu);
    const leastMemory = least(memory);
    const wanted = like === -1 ? 0 : this.scoreOf(like, question, score);
    let found = nowhere;
    for (let block = 0; block < this.#first.length; block++) {
      if ((this.#mostCpu[block] as number) < leastCpu || (this.#mostMemory[block] as number) < leastMemory) continue;
      if ((this.#last[block] as number) < start || (this.#first[block] as number) >= found) continue;
      const group = this.#group[block] as number;
      if (group !== mixed && !question.acceptsGroup(group, this.#first[block] as number)) continue;
      for (let slot = block * width; slot < (block + 1) * width; slot++) {
        const node = this.#nodeAt[slot] as number;
        if (node < start || node >= found) continue;
        if ((this.#cpu[slot] as number) < leastCpu || (this.#memory[slot] as number) < leastMemory) continue;
        if (like !== -1 && this.#score(slot, cpu, memory, score) !== wanted) continue;
        if (group === mixed && !question.acceptsGroup(this.#groupAt[slot] as number, node)) continue;
        if (question.accepts(node)) found = node;
      }
    }
    return found === nowhere ? -1 : found;
  }

  /** The score of one node, to compare candidates that were found otherwise. */
  scoreOf(node: number, { cpuMillicores, memoryBytes }: NodeQuestion, score: NodeScore): number {
    return this.#score(this.#slotOf[node] as number, cpuMillicores, memoryBytes, score);
  }

  /** Whether the node has room for a pod with this cpu and memory. */
  hasRoom(node: number, { cpuMillicores, memoryBytes }: NodeQuestion): boolean {
    const slot = this.#slotOf[node] as number;
    return (this.#cpu[slot] as number) >= least(cpuMillicores) && (this.#memory[slot] as number) >= least(memoryBytes);
  }

  /** Works out what each block may have at best, and returns the one that promises most; -1 when no block has the room. */
  #bound(question: NodeQuestion, score: NodeScore): number {
    const { cpuMillicores: cpu, memoryBytes: memory } = question;
    const mostCpu = this.#mostCpu;
    const mostMemory = this.#mostMemory;
    const perCpu = this.#perCpu;
    const perMemory = this.#perMemory;
    const upwards = score === 'least' || score === 'leastPercent';
    const shares = upwards ? this.#mostShare : this.#leastShare;
    const sign = upwards ? 1 : -1;
    const keys = this.#keys;
    const leastCpu = least(cpu);
    const leastMemory = least(memory);
    // A request below zero would widen shares; nobody sends one, so it need not be quick.
    const bounded = cpu >= 0 && memory >= 0;
    let top = -1;
    let topKey = Number.NEGATIVE_INFINITY;
    for (let block = 0; block < keys.length; block++) {
      let key = Number.NEGATIVE_INFINITY;
      if ((mostCpu[block] as number) >= leastCpu && (mostMemory[block] as number) >= leastMemory) {
        const left =
          (shares[block] as number) - cpu * (perCpu[block] as number) - memory * (perMemory[block] as number);
        // NaN where sizes differ: no bound is known.
        key = bounded && !Number.isNaN(left) ? sign * left : Number.POSITIVE_INFINITY;
        if (key > topKey) {
          const group = this.#group[block] as number;
          // A pool that the pod does not tolerate stands empty and would always seem best.
          if (group === mixed || question.acceptsGroup(group, this.#first[block] as number)) {
            topKey = key;
            top = block;
          } else key = Number.NEGATIVE_INFINITY;
        }
      }
      keys[block] = key;
    }
    return top;
  }

  /** Looks for something better among the nodes of a block. */
  #visit(block: number, search: Search): void {
    const { question, cpu, memory, score } = search;
    const group = this.#group[block] as number;
    const first = this.#first[block] as number;
    if (group !== mixed && !question.acceptsGroup(group, first)) return;
    const from = block * width;
    const perCpu = this.#perCpu[block] as number;
    const perMemory = this.#perMemory[block] as number;
    const bounded = !Number.isNaN(perCpu) && cpu >= 0 && memory >= 0;
    const upwards = score === 'least' || score === 'leastPercent';
    if (bounded && upwards && search.best !== -1) {
      // Exact where all nodes of the block are equally free, as when the cluster is empty.
      const bound = scoreNode(
        (this.#mostCpu[block] as number) - cpu,
        (this.#mostMemory[block] as number) - memory,
        this.#blockCpu[block] as number,
        this.#blockMemory[block] as number,
        score,
      );
      if (bound < search.bestScore || (bound === search.bestScore && first > search.best)) return;
    }
    const wanted = cpu * perCpu + memory * perMemory;
    const sign = upwards ? 1 : -1;
    const cpus = this.#cpu;
    const memories = this.#memory;
    const shares = this.#share;
    const nodes = this.#nodeAt;
    for (let slot = from; slot < from + width; slot++) {
      if ((cpus[slot] as number) < search.leastCpu || (memories[slot] as number) < search.leastMemory) continue;
      const node = nodes[slot] as number;
      if (bounded) {
        const key = sign * ((shares[slot] as number) - wanted);
        if (key < (node > search.best ? search.better : search.equal)) continue;
      }
      const value = this.#score(slot, cpu, memory, score);
      if (value < search.bestScore || (value === search.bestScore && node > search.best)) continue;
      if (group === mixed && !question.acceptsGroup(this.#groupAt[slot] as number, node)) continue;
      if (question.accepts(node)) search.found(node, value);
    }
  }

  #score(slot: number, cpu: number, memory: number, score: NodeScore): number {
    return scoreNode(
      (this.#cpu[slot] as number) - cpu,
      (this.#memory[slot] as number) - memory,
      this.#ofCpu[slot] as number,
      this.#ofMemory[slot] as number,
      score,
    );
  }

  #touch(slot: number): void {
    const block = (slot / width) | 0;
    if (this.#isStale[block] === 1) return;
    this.#isStale[block] = 1;
    this.#stale.push(block);
  }

  #refresh(): void {
    const stale = this.#stale;
    if (stale.length === 0) return;
    for (let index = 0; index < stale.length; index++) this.#sum(stale[index] as number);
    stale.length = 0;
  }

  /** What is free in the block. */
  #sum(block: number): void {
    this.#isStale[block] = 0;
    const cpus = this.#cpu;
    const memories = this.#memory;
    const shares = this.#share;
    let mostCpu = Number.NEGATIVE_INFINITY;
    let mostMemory = Number.NEGATIVE_INFINITY;
    let mostShare = Number.NEGATIVE_INFINITY;
    let leastShare = Number.POSITIVE_INFINITY;
    const end = (block + 1) * width;
    for (let slot = block * width; slot < end; slot++) {
      const cpu = cpus[slot] as number;
      if (cpu === Number.NEGATIVE_INFINITY) continue;
      const memory = memories[slot] as number;
      const share = shares[slot] as number;
      if (cpu > mostCpu) mostCpu = cpu;
      if (memory > mostMemory) mostMemory = memory;
      if (share > mostShare) mostShare = share;
      if (share < leastShare) leastShare = share;
    }
    this.#mostCpu[block] = mostCpu;
    this.#mostMemory[block] = mostMemory;
    this.#mostShare[block] = mostShare;
    this.#leastShare[block] = leastShare;
  }

  /** What the nodes of the block are, after one of them changed. */
  #describe(block: number): void {
    let first = nowhere;
    let last = -1;
    let group = none;
    let ofCpu = 0;
    let ofMemory = 0;
    for (let slot = block * width; slot < (block + 1) * width; slot++) {
      const node = this.#nodeAt[slot] as number;
      if (node === -1) continue;
      const own = this.#groupAt[slot] as number;
      group = group === none || group === own ? own : mixed;
      if (first > node) first = node;
      if (last < node) last = node;
      const cpuHere = this.#ofCpu[slot] as number;
      const memoryHere = this.#ofMemory[slot] as number;
      ofCpu = ofCpu === 0 || ofCpu === cpuHere ? cpuHere : Number.NaN;
      ofMemory = ofMemory === 0 || ofMemory === memoryHere ? memoryHere : Number.NaN;
    }
    // Both or neither: a size is one of cpu and memory.
    const uniform = !Number.isNaN(ofCpu + ofMemory);
    this.#perCpu[block] = uniform ? steps / ofCpu : Number.NaN;
    this.#perMemory[block] = uniform ? steps / ofMemory : Number.NaN;
    this.#blockCpu[block] = ofCpu;
    this.#blockMemory[block] = ofMemory;
    this.#first[block] = first;
    this.#last[block] = last;
    this.#group[block] = group;
  }

  #resize(slots: number): void {
    const longer = (from: Float64Array<ArrayBuffer>) => copied(from, new Float64Array(slots));
    this.#nodeAt = copied(this.#nodeAt, new Int32Array(slots).fill(-1));
    this.#groupAt = copied(this.#groupAt, new Int32Array(slots));
    this.#cpu = copied(this.#cpu, new Float64Array(slots).fill(Number.NEGATIVE_INFINITY));
    this.#memory = copied(this.#memory, new Float64Array(slots).fill(Number.NEGATIVE_INFINITY));
    [this.#share, this.#ofCpu, this.#ofMemory] = [longer(this.#share), longer(this.#ofCpu), longer(this.#ofMemory)];
    const blocks = slots / width;
    const floats = () => new Float64Array(blocks);
    [this.#mostCpu, this.#mostMemory, this.#mostShare, this.#leastShare] = [floats(), floats(), floats(), floats()];
    [this.#perCpu, this.#perMemory, this.#keys] = [floats(), floats(), floats()];
    [this.#blockCpu, this.#blockMemory] = [floats(), floats()];
    const integers = () => new Int32Array(blocks);
    [this.#first, this.#last, this.#group] = [integers(), integers(), integers()];
    this.#isStale = new Uint8Array(blocks);
    this.#stale.length = 0;
    for (let block = 0; block < blocks; block++) {
      this.#describe(block);
      this.#sum(block);
    }
  }
}
