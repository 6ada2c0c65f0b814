import { positive } from '../free-resources.js';
import { freeBits, freeCpu, freeMemory, freeShare, placeOf, width, widthBits } from './block-layout.js';
import { Families, type Kind } from './families.js';
import { Int32Column } from './int32-column.js';
import {
  greatest,
  leastShare,
  mostCpu,
  mostMemory,
  mostShare,
  nowhere,
  ofCpu,
  ofMemory,
  rowBits,
  Summaries,
  smallest,
} from './summaries.js';

/** Blocks of a stretch, at the most. */
const longest = 16;
const steps = 10_000;
/** Instead of a node or a slot. */
const nothing = -1;

/** What of a block has to be summed up again: one bit for each place in its row, and one for which nodes there are. */
const nothingStale = 0;
const otherNodes = 1 << 4;
const allStale = (1 << 5) - 1;

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
  /**
   * Free millicores and bytes of the slots, and the sums of their free shares in ten-thousandths, as block-layout.ts says. Where no pod is
   * taken, not even an empty one, minus infinity, and not a number for the share, so that no comparison holds.
   */
  free = new Float64Array(0);
  readonly blocks = new Summaries();
  readonly stretches = new Summaries();
  readonly families = new Families();
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
  /** By block: one past its last slot that ever had a node. Most blocks of launches hold one node, and are looked at all the same. */
  readonly slotEnd = new Int32Column();
  #staleOf = new Uint8Array(0);
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
    this.#setSlot(slot, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
    this.#touch(slot >> widthBits, otherNodes);
    this.#emptyOf(this.blocks.group[slot >> widthBits] as number).push(slot);
  }

  /**
   * What the node is and offers, the same for all nodes of a group, and for its family; to be followed by `setFree`. Nodes whose turns follow one another had
   * best come one after the other, to be in the same blocks.
   */
  set(node: number, turn: number, group: number, family: number, ofCpu: number, ofMemory: number): void {
    const before = this.#slotOf.values[node] as number;
    if (before !== nothing && this.blocks.group[before >> widthBits] === group) return;
    this.clear(node);
    const empty = this.#emptyOf(group);
    if (empty.length === 0) this.#addBlock({ group, family, cpu: positive(ofCpu), memory: positive(ofMemory) });
    const slot = empty.pop() as number;
    this.#slotOf.values[node] = slot;
    this.nodeAt[slot] = node;
    this.turnAt[slot] = turn;
    const block = slot >> widthBits;
    if (slot >= (this.slotEnd.values[block] as number)) this.slotEnd.values[block] = slot + 1;
    this.#touch(block, otherNodes);
  }

  /** What is free on the node now; `pods` below one means that it takes no pod at all. */
  setFree(node: number, cpu: number, memory: number, pods: number): void {
    const slot = this.#slotOf.values[node] as number;
    if (pods < 1) {
      this.#setSlot(slot, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
      return;
    }
    const { rows } = this.blocks;
    const row = (slot >> widthBits) << rowBits;
    const cpuShare = cpu > 0 ? cpu / (rows[row + ofCpu] as number) : 0;
    const memoryShare = memory > 0 ? memory / (rows[row + ofMemory] as number) : 0;
    this.#setSlot(slot, cpu, memory, (cpuShare + memoryShare) * steps);
  }

  /** Whether that is what `setFree` was told last, as far as anyone can see. */
  knowsFree(node: number, cpu: number, memory: number, pods: number): boolean {
    const slot = this.#slotOf.values[node] as number;
    const at = placeOf(slot);
    const known = this.free[at + freeCpu] as number;
    if (pods < 1) return known === Number.NEGATIVE_INFINITY;
    return known === cpu && this.free[at + freeMemory] === memory;
  }

  /** Brings blocks and stretches up to date; to be called before they are read. */
  refresh(): void {
    const stale = this.#stale;
    if (stale.length === 0) return;
    for (let index = 0; index < stale.length; index++) this.#refreshBlock(stale.values[index] as number);
    stale.length = 0;
  }

  #refreshBlock(block: number): void {
    const stale = this.#staleOf[block] as number;
    this.#staleOf[block] = nothingStale;
    const { families, stretches, blocks } = this;
    const stretch = this.#stretchOf.values[block] as number;
    const from = this.stretchFrom.values[stretch] as number;
    const to = this.stretchTo.values[stretch] as number;
    for (let place = mostCpu; place <= leastShare; place++) {
      if ((stale & (1 << place)) === 0) continue;
      this.#sum(block, place);
      stretches.combine(stretch, place, blocks, from, to);
      families.combine(stretch, place, stretches);
    }
    if ((stale & otherNodes) === 0) return;
    this.#count(block);
    const wasEmpty = stretches.first[stretch] === nowhere;
    stretches.clearNodes(stretch);
    for (let part = from; part < to; part++) stretches.addNodes(stretch, blocks, part);
    families.combineNodes(stretch, stretches);
    const isEmpty = stretches.first[stretch] === nowhere;
    if (wasEmpty && !isEmpty) this.regrouped++;
    if (!isEmpty || to - from > 1 || this.#isVacant[stretch] === true) return;
    this.#isVacant[stretch] = true;
    this.#vacant.push(stretch);
  }

  /** Sums up one number of the block. */
  #sum(block: number, place: number): void {
    const used = (this.slotEnd.values[block] as number) - (block << widthBits);
    const from = (block << freeBits) + (place === leastShare ? freeShare : place << widthBits);
    this.blocks.rows[(block << rowBits) + place] =
      place === leastShare
        ? smallest(this.free, 0, 0, from, from + used)
        : greatest(this.free, 0, 0, from, from + used);
  }

  /** Which nodes are in the block. */
  #count(block: number): void {
    let first = nowhere;
    let last = -1;
    let firstTurn = nowhere;
    let lastTurn = -1;
    const to = this.slotEnd.values[block] as number;
    for (let slot = block << widthBits; slot < to; slot++) {
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

  /** What is free in the slot now. */
  #setSlot(slot: number, cpu: number, memory: number, share: number): void {
    const { free } = this;
    const at = placeOf(slot);
    const oldCpu = free[at + freeCpu] as number;
    const oldMemory = free[at + freeMemory] as number;
    const oldShare = free[at + freeShare] as number;
    free[at + freeCpu] = cpu;
    free[at + freeMemory] = memory;
    free[at + freeShare] = share;
    const block = slot >> widthBits;
    if (((this.#staleOf[block] as number) & otherNodes) !== 0) {
      this.#staleOf[block] = allStale;
      return;
    }
    const stale =
      this.#widen(block, mostCpu, oldCpu, cpu) |
      this.#widen(block, mostMemory, oldMemory, memory) |
      this.#widen(block, mostShare, oldShare, share) |
      this.#widen(block, leastShare, oldShare, share);
    if (stale !== nothingStale) this.#touch(block, stale);
  }

  /**
   * Something is free in the block instead of something else. What is now the most, or the least, is known at once; where it was but is no
   * longer, the bit of the place comes back, and the others have to be looked at. Most changes bear on one number of four.
   */
  #widen(block: number, place: number, before: number, now: number): number {
    const known = this.blocks.rows[(block << rowBits) + place] as number;
    if (place === leastShare ? now <= known : now >= known) {
      this.blocks.widen(block, place, now);
      const stretch = this.#stretchOf.values[block] as number;
      this.stretches.widen(stretch, place, now);
      this.families.widen(stretch, place, now);
      return nothingStale;
    }
    return before === known ? 1 << place : nothingStale;
  }

  #touch(block: number, stale: number): void {
    const known = this.#staleOf[block] as number;
    this.#staleOf[block] = known | stale;
    if (known === nothingStale) this.#stale.push(block);
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
  #addBlock(kind: Kind): void {
    const vacated = this.#vacated();
    if (vacated === undefined) this.#newBlock(kind);
    else this.#giveTo(vacated, kind);
  }

  /** In the last stretch if that is of the same group, else in one of its own. */
  #newBlock(kind: Kind): void {
    const { group, cpu, memory } = kind;
    const block = this.blocks.push(group, cpu, memory);
    if ((block + 1) * width > this.nodeAt.length) this.#grow();
    let stretch = this.stretches.length - 1;
    const length = block - (this.stretchFrom.at(stretch) ?? block);
    if (this.stretches.group[stretch] !== group || length >= longest) {
      this.layout++;
      stretch = this.stretches.push(group, cpu, memory);
      this.families.join(stretch, kind);
      this.stretchFrom.push(block);
      this.stretchTo.push(block);
    }
    this.stretchTo.values[stretch] = block + 1;
    this.#stretchOf.push(stretch);
    this.slotEnd.push(block << widthBits);
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

  #giveTo(stretch: number, kind: Kind): void {
    const { group, cpu, memory } = kind;
    const block = this.stretchFrom.values[stretch] as number;
    const before = this.blocks.group[block] as number;
    this.#empty[before] = this.#emptyOf(before).filter((slot) => slot >> widthBits !== block);
    this.slotEnd.values[block] = block << widthBits;
    this.blocks.set(block, group, cpu, memory);
    this.stretches.set(stretch, group, cpu, memory);
    this.families.leave(stretch, this.stretches);
    this.families.join(stretch, kind);
    this.layout++;
    this.#listSlots(block, group);
  }

  #listSlots(block: number, group: number): void {
    const empty = this.#emptyOf(group);
    for (let slot = (block + 1) * width - 1; slot >= block * width; slot--) empty.push(slot);
  }

  #grow(): void {
    const slots = Math.max(64 * width, 2 * this.nodeAt.length);
    const free = new Float64Array((slots / width) << freeBits).fill(Number.NEGATIVE_INFINITY);
    for (let slot = this.nodeAt.length; slot < slots; slot++) free[placeOf(slot) + freeShare] = Number.NaN;
    free.set(this.free);
    this.free = free;
    const nodeAt = new Int32Array(slots).fill(nothing);
    nodeAt.set(this.nodeAt);
    this.nodeAt = nodeAt;
    const turnAt = new Int32Array(slots);
    turnAt.set(this.turnAt);
    this.turnAt = turnAt;
    const stale = new Uint8Array(slots / width);
    stale.set(this.#staleOf);
    this.#staleOf = stale;
  }
}
