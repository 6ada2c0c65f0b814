import { Int32Column } from './int32-column.js';
import { type NodeScore, positive, scoreNode } from './node-score.js';
import { nowhere, Summaries } from './summaries.js';

/** Slots of a block: 1 << 4. */
export const widthBits = 4;
const width = 1 << widthBits;
/** Blocks of a stretch, at the most. */
const longest = 16;
const steps = 10_000;
/** Instead of a node or a slot. */
const nothing = -1;

/** What happened to a block since it was last summed up; what is greater includes what is less. */
const unchanged = 0;
const otherFree = 1;
const otherNodes = 2;

/**
 * All nodes in blocks of up to 16 of one group, and the blocks of one group in stretches, with the most that is free in each and
 * the greatest and smallest share. A pod is compared with some sixty stretches first and then with the few nodes that may beat
 * what was found: quicker than a tree, since a scheduler that levels its nodes leaves many within a hair of the best. A node
 * that changes its group changes its block: a cordoned one, emptied bit by bit, would else make its block seem the best.
 */
export class NodeBlocks {
  /** By slot: the node, -1 for none. */
  nodeAt = new Int32Array(0);
  /** By slot: the turn of its node where one among equals is drawn. */
  turnAt = new Int32Array(0);
  /** By slot: free millicores and bytes; minus infinity where no pod is taken, not even an empty one. */
  cpu = new Float64Array(0);
  memory = new Float64Array(0);
  /** By slot: sum of the free shares of cpu and memory, in ten-thousandths. */
  share = new Float64Array(0);
  readonly blocks = new Summaries();
  readonly stretches = new Summaries();
  /** By stretch: its first block, and one past its last. */
  readonly stretchFrom = new Int32Column();
  readonly stretchTo = new Int32Column();
  /** Grows whenever a stretch gets its first node: lists of stretches are then made anew. */
  regrouped = 0;
  /** Grows whenever there is a stretch more, or one becomes another group's. */
  layout = 0;
  /** By node. */
  readonly #slotOf = new Int32Column();
  /** By group: slots of its blocks that have no node. */
  readonly #empty: (number[] | undefined)[] = [];
  /** By block. */
  readonly #stretchOf = new Int32Column();
  #change = new Uint8Array(0);
  readonly #stale = new Int32Column();
  /** Stretches of one block that lost their last node, oldest first; some may have got a node since. */
  readonly #vacant: number[] = [];
  /** By stretch, whether it is among those. */
  readonly #isVacant: boolean[] = [];
  readonly #mostVacant: number;

  /** Of more than `mostVacant` stretches without a node the oldest are used again. */
  constructor(mostVacant: number) {
    this.#mostVacant = mostVacant;
  }

  /** The next node index, without a node. */
  push(): number {
    this.#slotOf.push(nothing);
    return this.#slotOf.length - 1;
  }

  /** Gives up the last node index; its node is gone already. */
  pop(): void {
    this.#slotOf.pop();
  }

  /** The node is gone. */
  clear(node: number): void {
    const slot = this.#slotOf.values[node] as number;
    if (slot === nothing) return;
    this.#slotOf.values[node] = nothing;
    this.nodeAt[slot] = nothing;
    this.cpu[slot] = this.memory[slot] = Number.NEGATIVE_INFINITY;
    this.#touch(slot, otherNodes);
    this.#emptyOf(this.blocks.group[slot >> widthBits] as number).push(slot);
  }

  /**
   * What the node is and offers, the same for all nodes of a group; to be followed by `setFree`. Nodes whose turns follow one another had
   * best come one after the other, to be in the same blocks.
   */
  set(node: number, turn: number, group: number, allocatableCpu: number, allocatableMemory: number): void {
    const before = this.#slotOf.values[node] as number;
    if (before !== nothing && this.blocks.group[before >> widthBits] === group) return;
    this.clear(node);
    const empty = this.#emptyOf(group);
    if (empty.length === 0) this.#addBlock(group, positive(allocatableCpu), positive(allocatableMemory));
    const slot = empty.pop() as number;
    this.#slotOf.values[node] = slot;
    this.nodeAt[slot] = node;
    this.turnAt[slot] = turn;
    this.#touch(slot, otherNodes);
  }

  /** What is free on the node now; `pods` below one means that it takes no pod at all. */
  setFree(node: number, cpu: number, memory: number, pods: number): void {
    const slot = this.#slotOf.values[node] as number;
    const open = pods >= 1;
    const block = slot >> widthBits;
    this.cpu[slot] = open ? cpu : Number.NEGATIVE_INFINITY;
    this.memory[slot] = open ? memory : Number.NEGATIVE_INFINITY;
    const cpuShare = cpu > 0 ? cpu / (this.blocks.ofCpu[block] as number) : 0;
    const memoryShare = memory > 0 ? memory / (this.blocks.ofMemory[block] as number) : 0;
    this.share[slot] = (cpuShare + memoryShare) * steps;
    this.#touch(slot, otherFree);
  }

  /** Whether that is what `setFree` was told last, as far as anyone can see. */
  knowsFree(node: number, cpu: number, memory: number, pods: number): boolean {
    const slot = this.#slotOf.values[node] as number;
    const known = this.cpu[slot] as number;
    return pods >= 1 ? known === cpu && this.memory[slot] === memory : known === Number.NEGATIVE_INFINITY;
  }

  /** The score of the node in a slot. */
  scoreAt(slot: number, cpu: number, memory: number, score: NodeScore): number {
    const block = slot >> widthBits;
    return scoreNode(
      (this.cpu[slot] as number) - cpu,
      (this.memory[slot] as number) - memory,
      this.blocks.ofCpu[block] as number,
      this.blocks.ofMemory[block] as number,
      score,
    );
  }

  /** Brings blocks and stretches up to date; to be called before they are read. */
  refresh(): void {
    const stale = this.#stale;
    if (stale.length === 0) return;
    for (let index = 0; index < stale.length; index++) this.#refreshBlock(stale.values[index] as number);
    stale.length = 0;
  }

  #refreshBlock(block: number): void {
    const hasOthers = this.#change[block] === otherNodes;
    this.#change[block] = unchanged;
    this.#sum(block);
    const { stretches, blocks } = this;
    const stretch = this.#stretchOf.values[block] as number;
    const from = this.stretchFrom.values[stretch] as number;
    const to = this.stretchTo.values[stretch] as number;
    stretches.combineFree(stretch, blocks, from, to);
    if (!hasOthers) return;
    this.#count(block);
    const wasEmpty = stretches.first[stretch] === nowhere;
    stretches.combineNodes(stretch, blocks, from, to);
    const isEmpty = stretches.first[stretch] === nowhere;
    if (wasEmpty && !isEmpty) this.regrouped++;
    if (!isEmpty || to - from > 1 || this.#isVacant[stretch] === true) return;
    this.#isVacant[stretch] = true;
    this.#vacant.push(stretch);
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

  /** Which nodes are in the block. */
  #count(block: number): void {
    let first = nowhere;
    let last = -1;
    let firstTurn = nowhere;
    let lastTurn = -1;
    for (let slot = block * width; slot < (block + 1) * width; slot++) {
      const node = this.nodeAt[slot] as number;
      if (node === nothing) continue;
      const turn = this.turnAt[slot] as number;
      if (first > node) first = node;
      if (last < node) last = node;
      if (firstTurn > turn) firstTurn = turn;
      if (lastTurn < turn) lastTurn = turn;
    }
    this.blocks.first[block] = first;
    this.blocks.last[block] = last;
    this.blocks.firstTurn[block] = firstTurn;
    this.blocks.lastTurn[block] = lastTurn;
  }

  #touch(slot: number, change: number): void {
    const block = slot >> widthBits;
    const known = this.#change[block] as number;
    if (known >= change) return;
    this.#change[block] = change;
    if (known === unchanged) this.#stale.push(block);
  }

  #emptyOf(group: number): number[] {
    let empty = this.#empty[group];
    if (empty === undefined) {
      empty = [];
      this.#empty[group] = empty;
    }
    return empty;
  }

  /** A block more for the group: one that nobody needs, or a new one. */
  #addBlock(group: number, cpu: number, memory: number): void {
    const vacated = this.#vacated();
    if (vacated === undefined) this.#newBlock(group, cpu, memory);
    else this.#giveTo(vacated, group, cpu, memory);
  }

  /** In the last stretch if that is of the same group, else in one of its own. */
  #newBlock(group: number, cpu: number, memory: number): void {
    const block = this.blocks.push(group, cpu, memory);
    if ((block + 1) * width > this.nodeAt.length) this.#grow();
    let stretch = this.stretches.length - 1;
    const length = block - (this.stretchFrom.at(stretch) ?? block);
    if (this.stretches.group[stretch] !== group || length >= longest) {
      this.layout++;
      stretch = this.stretches.push(group, cpu, memory);
      this.stretchFrom.push(block);
      this.stretchTo.push(block);
    }
    this.stretchTo.values[stretch] = block + 1;
    this.#stretchOf.push(stretch);
    this.#listSlots(block, group);
  }

  /**
   * A stretch to use again. Every kind of node that is tried as a launch, or cordoned, is a group of its own: left where they
   * are, a thousand of them would be looked at for each pod of a cluster of thirty nodes.
   */
  #vacated(): number | undefined {
    const vacant = this.#vacant;
    while (vacant.length > this.#mostVacant) {
      const stretch = vacant.shift() as number;
      this.#isVacant[stretch] = false;
      const block = this.stretchFrom.values[stretch] as number;
      if (this.stretchTo.values[stretch] !== block + 1) continue;
      if (this.nodeAt.subarray(block * width, (block + 1) * width).every((node) => node === nothing)) return stretch;
    }
    return undefined;
  }

  #giveTo(stretch: number, group: number, cpu: number, memory: number): void {
    const block = this.stretchFrom.values[stretch] as number;
    const before = this.blocks.group[block] as number;
    this.#empty[before] = this.#emptyOf(before).filter((slot) => slot >> widthBits !== block);
    this.blocks.set(block, group, cpu, memory);
    this.stretches.set(stretch, group, cpu, memory);
    this.layout++;
    this.#listSlots(block, group);
  }

  #listSlots(block: number, group: number): void {
    const empty = this.#emptyOf(group);
    for (let slot = (block + 1) * width - 1; slot >= block * width; slot--) empty.push(slot);
  }

  #grow(): void {
    const slots = Math.max(64 * width, 2 * this.nodeAt.length);
    const longer = (from: Float64Array<ArrayBuffer>) => {
      const to = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
      to.set(from);
      return to;
    };
    [this.cpu, this.memory, this.share] = [longer(this.cpu), longer(this.memory), longer(this.share)];
    const nodeAt = new Int32Array(slots).fill(nothing);
    nodeAt.set(this.nodeAt);
    this.nodeAt = nodeAt;
    const turnAt = new Int32Array(slots);
    turnAt.set(this.turnAt);
    this.turnAt = turnAt;
    const change = new Uint8Array(slots / width);
    change.set(this.#change);
    this.#change = change;
  }
}
