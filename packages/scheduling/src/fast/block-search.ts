import { freeBits, freeCpu, freeMemory, freeShare, widthBits } from './block-layout.js';
import { firstNode } from './first-node.js';
import { familiesOf, listEligible } from './listing.js';
import type { NodeBlocks } from './node-blocks.js';
import { type NodeScore, scoreNode } from './node-score.js';
import { firstTurnFrom, type NodeQuestion, Search, type Turns, turnFrom } from './node-search.js';
import { rankStretch } from './ranking.js';
import { hasRoom, largest, nextNoLess, noLess, topRow, topSlot } from './scans.js';
import type { Shortlist } from './shortlist.js';
import {
  leastShare,
  mostCpu,
  mostMemory,
  mostShare,
  nowhere,
  ofCpu,
  ofMemory,
  perCpu,
  perMemory,
  rowBits,
  type Summaries,
} from './summaries.js';

const noNodes = new Uint8Array(0);
const noTurns = new Int32Array(0);

/** After so many of the best on the list in vain, the others are taken as they come. */
const mostSorted = 4;

/** Finds nodes for pods: in the families, stretches and blocks that may have better than what was found, best first. */
export class BlockSearch {
  readonly #nodes: NodeBlocks;
  readonly #search = new Search();
  /** What is listed for a question, families or stretches, how many, and what they have at best. */
  #listed: Int32Array = noTurns;
  #count = 0;
  #listsFamilies = false;
  #best: Summaries;
  /** The best that each may have, in the order of the list, and positions of the list whose keys are high enough. */
  #keys = new Float64Array(0);
  #positions = new Int32Array(0);
  #untold: Uint8Array = noNodes;
  readonly #turns: Turns = {
    from: 0,
    at: noTurns,
    first: noTurns,
    last: noTurns,
    firstListed: noTurns,
    lastListed: noTurns,
  };

  constructor(nodes: NodeBlocks) {
    this.#nodes = nodes;
    this.#best = nodes.stretches;
  }

  /**
   * The node with the highest score that the question accepts, the lowest index among equals; -1 when there is none. Nodes with a 1 in
   * `untold`, which has one entry a node at the least, are left out: they are no longer as the blocks know them.
   */
  best(question: NodeQuestion, score: NodeScore, untold: Uint8Array): number {
    return this.#find(question, score, untold, 0, false);
  }

  /** The same, but among equals the first one from a turn on, and round. */
  drawn(question: NodeQuestion, score: NodeScore, untold: Uint8Array, from: number): number {
    return this.#find(question, score, untold, from, true);
  }

  /**
   * Fills the list with the nodes that score highest among eligible ones with the room, as the blocks know them. Returns false where
   * that cannot be told, because some group has only nodes that are no longer so.
   */
  rank(question: NodeQuestion, score: NodeScore, list: Shortlist, untold: Uint8Array): boolean {
    const search = this.#search;
    search.start(question, score);
    if (!this.#list(question, false, untold)) return false;
    const keys = this.#keys;
    for (let at = this.#bound(search); at !== -1; at = largest(keys, this.#count)) {
      if ((keys[at] as number) < search.equal) break;
      keys[at] = Number.NEGATIVE_INFINITY;
      const listed = this.#listed[at] as number;
      const stretches = this.#listsFamilies ? this.#nodes.families.stretchesOf[listed] : undefined;
      for (const stretch of stretches ?? [listed]) rankStretch(stretch, this.#nodes, search, list);
    }
    return true;
  }

  /**
   * Lists families where they promise no more than their stretches do: the most of what is free, to the last digit. Whole percentages are often
   * equal, turns decide, and a family has many; what is least free in one zone may be where another one has the room. Returns whether all
   * that may be eligible is on the list.
   */
  #list({ eligibility }: NodeQuestion, mindsDomains: boolean, untold: Uint8Array): boolean {
    const nodes = this.#nodes;
    nodes.refresh();
    const knowsAll = listEligible(eligibility, nodes, untold);
    let families: Int32Array | undefined;
    if (!mindsDomains && this.#search.score === 'least') {
      eligibility.families ??= familiesOf(eligibility, nodes);
      ({ families } = eligibility);
    }
    this.#listsFamilies = families !== undefined && families.length > 0;
    this.#listed = this.#listsFamilies ? (families as Int32Array) : eligibility.stretches;
    this.#count = this.#listsFamilies ? this.#listed.length : eligibility.stretchCount;
    this.#best = this.#listsFamilies ? nodes.families.best : nodes.stretches;
    if (this.#keys.length < this.#count) {
      this.#keys = new Float64Array(2 * this.#count);
      this.#positions = new Int32Array(2 * this.#count);
    }
    return knowsAll;
  }

  #find(question: NodeQuestion, score: NodeScore, untold: Uint8Array, from: number, isDrawn: boolean): number {
    this.#search.start(question, score);
    this.#list(question, question.mindsDomains, untold);
    this.#untold = untold;
    const { blocks, nodeAt, turnAt } = this.#nodes;
    const best = this.#best;
    const turns = this.#turns;
    turns.from = from;
    turns.at = isDrawn ? turnAt : nodeAt;
    turns.first = isDrawn ? blocks.firstTurn : blocks.first;
    turns.last = isDrawn ? blocks.lastTurn : blocks.last;
    turns.firstListed = isDrawn ? best.firstTurn : best.first;
    turns.lastListed = isDrawn ? best.lastTurn : best.last;
    if (score === 'any') return firstNode(question, this.#nodes, this.#search, turns, untold);
    return this.#highest(question);
  }

  #highest(question: NodeQuestion): number {
    const search = this.#search;
    const listed = this.#listed;
    const keys = this.#keys;
    let at = question.mindsDomains ? this.#boundOpen(question, search) : this.#bound(search);
    for (let tried = 0; at !== -1 && search.best === -1 && tried < mostSorted; tried++) {
      this.#visitListed(listed[at] as number, question, search);
      keys[at] = Number.NEGATIVE_INFINITY;
      if (search.best === -1) at = largest(keys, this.#count);
    }
    if (at === -1) return -1;
    const positions = this.#positions;
    const count = noLess(keys, this.#count, search.equal, positions);
    let next = this.#firstPosition(count);
    for (let index = 0; index < count; index++) {
      const position = positions[next] as number;
      if (++next === count) next = 0;
      const key = keys[position] as number;
      if (key < search.equal) continue;
      if (key < search.better && this.#turnOf(listed[position] as number) >= search.bestTurn) continue;
      this.#visitListed(listed[position] as number, question, search);
    }
    return search.best;
  }

  /** Among the positions, the first one with a turn in this round: of equal nodes the one that is wanted is soon found, looking from there. */
  #firstPosition(count: number): number {
    const { lastListed, from } = this.#turns;
    for (let index = 0; index < count; index++)
      if ((lastListed[this.#listed[this.#positions[index] as number] as number] as number) >= from) return index;
    return 0;
  }

  /** The least turn that a node of what is listed may have. */
  #turnOf(listed: number): number {
    const { firstListed, lastListed, from } = this.#turns;
    return firstTurnFrom(firstListed[listed] as number, lastListed[listed] as number, from);
  }

  /**
   * Works out what each on the list may have at best, minus infinity without the room, and returns the position of the one that promises
   * most; -1 when none has the room. The loop calls nothing: V8 would check every array anew after each call.
   */
  #bound({ cpu, memory, leastCpu, leastMemory, sign }: Search): number {
    const { rows } = this.#best;
    const shareAt = sign === 1 ? mostShare : leastShare;
    const listed = this.#listed;
    const count = this.#count;
    const keys = this.#keys;
    let top = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < count; index++) {
      const row = (listed[index] as number) << rowBits;
      let key = Number.NEGATIVE_INFINITY;
      if ((rows[row + mostCpu] as number) >= leastCpu && (rows[row + mostMemory] as number) >= leastMemory) {
        const wanted = cpu * (rows[row + perCpu] as number) + memory * (rows[row + perMemory] as number);
        key = sign * ((rows[row + shareAt] as number) - wanted);
        if (key > most) {
          most = key;
          top = index;
        }
      }
      keys[index] = key;
    }
    return top;
  }

  /** The same of stretches in domains where the pod may go, the others minus infinity where they would have been the top. */
  #boundOpen(question: NodeQuestion, search: Search): number {
    const keys = this.#keys;
    const listed = this.#listed;
    const { first } = this.#best;
    let top = -1;
    let most = Number.NEGATIVE_INFINITY;
    this.#bound(search);
    for (let index = 0; index < this.#count; index++) {
      const key = keys[index] as number;
      if (key <= most) continue;
      if (question.acceptsDomains(first[listed[index] as number] as number)) {
        most = key;
        top = index;
      } else keys[index] = Number.NEGATIVE_INFINITY;
    }
    return top;
  }

  #visitListed(listed: number, question: NodeQuestion, search: Search): void {
    if (!this.#listsFamilies) {
      this.#visitStretch(listed, question, search);
      return;
    }
    const stretches = this.#nodes.families.stretchesOf[listed] as readonly number[];
    const { rows } = this.#nodes.stretches;
    let top = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < stretches.length; index++) {
      const share = rows[((stretches[index] as number) << rowBits) + mostShare] as number;
      if (share <= most) continue;
      most = share;
      top = index;
    }
    if (top === -1) return;
    this.#visitStretch(stretches[top] as number, question, search);
    for (let index = 0; index < stretches.length; index++)
      if (index !== top) this.#visitStretch(stretches[index] as number, question, search);
  }

  #visitStretch(stretch: number, question: NodeQuestion, search: Search): void {
    const { stretchFrom, stretchTo, stretches, blocks } = this.#nodes;
    const { sign, cpu, memory } = search;
    const { rows } = stretches;
    const shareAt = sign === 1 ? mostShare : leastShare;
    const row = stretch << rowBits;
    const wanted = sign * (cpu * (rows[row + perCpu] as number) + memory * (rows[row + perMemory] as number));
    if (sign * (rows[row + shareAt] as number) < search.equal + wanted) return;
    const first = stretches.first[stretch] as number;
    if (first === nowhere || !question.acceptsDomains(first)) return;
    const from = stretchFrom.values[stretch] as number;
    const to = stretchTo.values[stretch] as number;
    // With something good at hand the other blocks are seldom worth a look; in their order, each would be a little better.
    const blockRows = blocks.rows;
    const top = search.best === -1 ? topRow(blockRows, shareAt, from, to, search) : -1;
    if (top !== -1) this.#visit(top, question, search, wanted);
    const end = (to << rowBits) + shareAt;
    let at = (from << rowBits) + shareAt;
    for (;;) {
      at = nextNoLess(blockRows, at, end, 1 << rowBits, sign, search.equal + wanted);
      if (at >= end) return;
      const block = at >> rowBits;
      at += 1 << rowBits;
      if (block === top || !hasRoom(blockRows, block, search)) continue;
      const share = sign * (blockRows[(block << rowBits) + shareAt] as number);
      if (this.#mayBeat(block, share, search, wanted)) this.#visit(block, question, search, wanted);
    }
  }

  /** Whether some node of the block, of which one may score as high as what was found by its share, may be better. */
  #mayBeat(block: number, share: number, search: Search, wanted: number): boolean {
    const { bounded, sign, cpu, memory, score } = search;
    if (!bounded || search.best === -1) return true;
    const { first, last, from } = this.#turns;
    const turn = firstTurnFrom(first[block] as number, last[block] as number, from);
    if (turn > search.bestTurn && share < search.better + wanted) return false;
    if (sign === -1) return true;
    // Exact where all nodes of the block are equally free, as when the cluster is empty.
    const { rows } = this.#nodes.blocks;
    const row = block << rowBits;
    const bound = scoreNode(
      (rows[row + mostCpu] as number) - cpu,
      (rows[row + mostMemory] as number) - memory,
      rows[row + ofCpu] as number,
      rows[row + ofMemory] as number,
      score,
    );
    return bound > search.bestScore || (bound === search.bestScore && turn < search.bestTurn);
  }

  /** Looks for something better among the nodes of a block, of whose share the pod wants so much (negative when less is better). */
  #visit(block: number, question: NodeQuestion, search: Search, wanted: number): void {
    const count = (this.#nodes.slotEnd.values[block] as number) - (block << widthBits);
    if (search.best === -1) {
      const top = topSlot(this.#nodes.free, block << freeBits, count, search);
      if (top === -1) return;
      this.#look(block, top, top + 1, question, search, wanted);
    }
    this.#look(block, 0, count, question, search, wanted);
  }

  /** Likewise, among some slots of one block. */
  #look(block: number, first: number, to: number, question: NodeQuestion, search: Search, wanted: number): void {
    const { free, nodeAt, blocks } = this.#nodes;
    const { at: turnAt, from } = this.#turns;
    const { sign, cpu, memory, leastCpu, leastMemory, score } = search;
    const row = block << rowBits;
    const untold = this.#untold;
    const slots = block << widthBits;
    const shares = (block << freeBits) + freeShare;
    const end = shares + to;
    let { bestTurn, bestScore } = search;
    let equal = search.equal + wanted;
    let better = search.better + wanted;
    for (let place = shares + first; ; place++) {
      // Of all that is compared this passes over most.
      place = nextNoLess(free, place, end, 1, sign, equal);
      if (place >= end) return;
      const slot = slots + place - shares;
      const turn = turnFrom(turnAt[slot] as number, from);
      if (turn > bestTurn && sign * (free[place] as number) < better) continue;
      const freeCpuNow = free[place - freeShare + freeCpu] as number;
      const freeMemoryNow = free[place - freeShare + freeMemory] as number;
      if (freeCpuNow < leastCpu || freeMemoryNow < leastMemory) continue;
      const node = nodeAt[slot] as number;
      if (untold[node] === 1) continue;
      const allCpu = blocks.rows[row + ofCpu] as number;
      const allMemory = blocks.rows[row + ofMemory] as number;
      const value = scoreNode(freeCpuNow - cpu, freeMemoryNow - memory, allCpu, allMemory, score);
      if (value < bestScore || (value === bestScore && turn > bestTurn) || !question.accepts(node)) continue;
      search.found(node, turn, value);
      ({ bestTurn, bestScore } = search);
      equal = search.equal + wanted;
      better = search.better + wanted;
    }
  }
}
