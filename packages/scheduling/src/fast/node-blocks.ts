import { Int32Column } from './int32-column.js';
import { type NodeScore, scoreNode } from './node-score.js';
import { copied, least, type NodeQuestion } from './node-search.js';
import { common, mixed, none, nowhere, Summaries } from './summaries.js';

/** Slots of a block. */
export const width = 32;
/** Blocks of a stretch, at the most. */
const longest = 8;
const steps = 10_000;

/**
 * All nodes in blocks of up to 32 of one group, and the blocks of one group in stretches, with the most that is free in each and
 * the greatest and smallest share. A pod is compared with some sixty stretches first and then with the few nodes that may beat
 * what was found: quicker than a tree, since a scheduler that levels its nodes leaves many within a hair of the best.
 */
export class NodeBlocks {
  /** By node: its slot. Blocks are stretches of 32 slots, some of them empty. */
  readonly #slotOf: number[] = [];
  #slots = 0;
  /** By slot: the node, -1 for none, and its group. */
  nodeAt = new Int32Array(0);
  groupAt = new Int32Array(0);
  /** Free millicores and bytes; minus infinity where the node takes not even an empty pod. */
  cpu = new Float64Array(0);
  memory = new Float64Array(0);
  /** Sum of the free shares of cpu and memory, in ten-thousandths. */
  share = new Float64Array(0);
  blocks = new Summaries(0);
  stretches = new Summaries(0);
  /** First block of each stretch, and one past the last block. */
  readonly stretchFrom = new Int32Column();
  /** Grows whenever the group of a stretch changes: lists of stretches are then made anew. */
  regrouped = 0;
  /** Allocatable; infinite for a node without any, since no share of it is ever free. */
  #ofCpu = new Float64Array(0);
  #ofMemory = new Float64Array(0);
  readonly #stretchOf = new Int32Column();
  readonly #stale: number[] = [];
  /** By block: nothing, what is free, or what its nodes are has changed. */
  #change = new Uint8Array(0);

  /** Places nodes in this order, a new block where `startsBlock`; nothing is known of them until `set`. */
  constructor(order: readonly number[], startsBlock: readonly boolean[]) {
    this.stretchFrom.push(0);
    for (const [position, node] of order.entries()) {
      if (startsBlock[position] === true) {
        this.#slots = Math.ceil(this.#slots / width) * width;
        this.#endStretch(this.#slots / width);
      }
      this.#slotOf[node] = this.#slots++;
    }
    // Nodes that join later come into blocks of their own.
    this.#slots = Math.ceil(this.#slots / width) * width;
    this.#endStretch(this.#slots / width);
    this.#resize(this.#slots + 4 * width);
  }

  /** Makes room for the next node index. */
  push(): void {
    if (this.#slots >= this.nodeAt.length) this.#resize(2 * this.nodeAt.length);
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
    this.nodeAt[slot] = -1;
    this.cpu[slot] = this.memory[slot] = Number.NEGATIVE_INFINITY;
    this.#touch(slot, otherNodes);
  }

  /** What the node is and offers; to be followed by `setFree`. */
  set(node: number, group: number, allocatableCpu: number, allocatableMemory: number): void {
    const slot = this.#slotOf[node] as number;
    this.nodeAt[slot] = node;
    this.groupAt[slot] = group;
    this.#ofCpu[slot] = allocatableCpu > 0 ? allocatableCpu : Number.POSITIVE_INFINITY;
    this.#ofMemory[slot] = allocatableMemory > 0 ? allocatableMemory : Number.POSITIVE_INFINITY;
    this.#touch(slot, otherNodes);
  }

  /** What is free on the node now; `pods` below one means that it takes no pod at all. */
  setFree(node: number, cpu: number, memory: number, pods: number): void {
    const slot = this.#slotOf[node] as number;
    const open = pods >= 1;
    this.cpu[slot] = open ? cpu : Number.NEGATIVE_INFINITY;
    this.memory[slot] = open ? memory : Number.NEGATIVE_INFINITY;
    const ofCpu = cpu > 0 ? cpu / (this.#ofCpu[slot] as number) : 0;
    const ofMemory = memory > 0 ? memory / (this.#ofMemory[slot] as number) : 0;
    this.share[slot] = (ofCpu + ofMemory) * steps;
    this.#touch(slot, otherFree);
  }

  /** The score of one node, to compare candidates that were found otherwise. */
  scoreOf(node: number, { cpuMillicores, memoryBytes }: NodeQuestion, score: NodeScore): number {
    return this.scoreAt(this.#slotOf[node] as number, cpuMillicores, memoryBytes, score);
  }

  /** The score of the node in a slot. */
  scoreAt(slot: number, cpu: number, memory: number, score: NodeScore): number {
    return scoreNode(
      (this.cpu[slot] as number) - cpu,
      (this.memory[slot] as number) - memory,
      this.#ofCpu[slot] as number,
      this.#ofMemory[slot] as number,
      score,
    );
  }

  /** Whether the node has room for a pod with this cpu and memory. */
  hasRoom(node: number, { cpuMillicores, memoryBytes }: NodeQuestion): boolean {
    const slot = this.#slotOf[node] as number;
    return (this.cpu[slot] as number) >= least(cpuMillicores) && (this.memory[slot] as number) >= least(memoryBytes);
  }

  /** Brings blocks and stretches up to date; to be called before they are read. */
  refresh(): void {
    const stale = this.#stale;
    if (stale.length === 0) return;
    for (let index = 0; index < stale.length; index++) this.#refreshBlock(stale[index] as number);
    stale.length = 0;
  }

  #refreshBlock(block: number): void {
    const described = this.#change[block] === otherNodes;
    this.#change[block] = unchanged;
    if (described) this.#describe(block);
    this.#sum(block);
    const stretch = this.#stretchOf.values[block] as number;
    const from = this.stretchFrom.values[stretch] as number;
    const to = this.stretchFrom.values[stretch + 1] as number;
    if (!described) {
      this.stretches.combineFree(stretch, this.blocks, from, to);
      return;
    }
    const before = this.stretches.group[stretch];
    this.stretches.combine(stretch, this.blocks, from, to);
    if (this.stretches.group[stretch] !== before) this.regrouped++;
  }

  /** What is free in the block. */
  #sum(block: number): void {
    const { cpu: cpus, memory: memories, share: shares } = this;
    let mostCpu = Number.NEGATIVE_INFINITY;
    let mostMemory = Number.NEGATIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    const end = (block + 1) * width;
    for (let slot = block * width; slot < end; slot++) {
      const cpu = cpus[slot] as number;
      if (cpu === Number.NEGATIVE_INFINITY) continue;
      const memory = memories[slot] as number;
      const share = shares[slot] as number;
      if (cpu > mostCpu) mostCpu = cpu;
      if (memory > mostMemory) mostMemory = memory;
      if (share > greatest) greatest = share;
      if (share < smallest) smallest = share;
    }
    this.blocks.free(block, mostCpu, mostMemory, greatest, smallest);
  }

  /** What the nodes of the block are. */
  #describe(block: number): void {
    let first = nowhere;
    let last = -1;
    let group = none;
    let cpu = 0;
    let memory = 0;
    for (let slot = block * width; slot < (block + 1) * width; slot++) {
      const node = this.nodeAt[slot] as number;
      if (node === -1) continue;
      const own = this.groupAt[slot] as number;
      group = group === none || group === own ? own : mixed;
      if (first > node) first = node;
      if (last < node) last = node;
      cpu = common(cpu, this.#ofCpu[slot] as number);
      memory = common(memory, this.#ofMemory[slot] as number);
    }
    this.blocks.describe(block, group, first, last, cpu, memory);
  }

  #touch(slot: number, change: number): void {
    const block = (slot / width) | 0;
    const known = this.#change[block] as number;
    if (known >= change) return;
    this.#change[block] = change;
    if (known === unchanged) this.#stale.push(block);
  }

  /** The stretches under way end before this block: as many as are needed for them not to be too long. */
  #endStretch(block: number): void {
    for (let from = this.stretchFrom.values[this.stretchFrom.length - 1] as number; from < block; ) {
      const to = Math.min(block, from + longest);
      for (let at = from; at < to; at++) this.#stretchOf.push(this.stretchFrom.length - 1);
      this.stretchFrom.push(to);
      from = to;
    }
  }

  #resize(slots: number): void {
    const longer = (from: Float64Array<ArrayBuffer>) => copied(from, new Float64Array(slots));
    this.nodeAt = copied(this.nodeAt, new Int32Array(slots).fill(-1));
    this.groupAt = copied(this.groupAt, new Int32Array(slots));
    this.cpu = copied(this.cpu, new Float64Array(slots).fill(Number.NEGATIVE_INFINITY));
    this.memory = copied(this.memory, new Float64Array(slots).fill(Number.NEGATIVE_INFINITY));
    [this.share, this.#ofCpu, this.#ofMemory] = [longer(this.share), longer(this.#ofCpu), longer(this.#ofMemory)];
    const blocks = slots / width;
    for (let block = this.#stretchOf.length + 1; block <= blocks; block++) this.#endStretch(block);
    this.blocks = new Summaries(blocks);
    this.stretches = new Summaries(this.stretchFrom.length - 1);
    this.#change = new Uint8Array(blocks).fill(otherNodes);
    this.#stale.length = 0;
    for (let block = 0; block < blocks; block++) this.#stale.push(block);
    this.regrouped++;
  }
}

const unchanged = 0;
const otherFree = 1;
const otherNodes = 2;
