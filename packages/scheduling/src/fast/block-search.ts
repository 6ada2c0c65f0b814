import type { Eligibility } from './eligibility.js';
import { type NodeBlocks, widthBits } from './node-blocks.js';
import { type NodeScore, scoreNode } from './node-score.js';
import { firstTurnFrom, largest, type NodeQuestion, Search, turnFrom } from './node-search.js';
import type { Shortlist } from './shortlist.js';
import { nowhere, type Summaries } from './summaries.js';

const noNodes = new Uint8Array(0);
const noTurns = new Int32Array(0);

/** After so many best stretches in vain, the others are taken as they come. */
const mostSorted = 4;

/** Finds nodes for pods: in the stretches and blocks that may have better than what was found, best first. */
export class BlockSearch {
  readonly #nodes: NodeBlocks;
  readonly #search = new Search();
  /** The best that a stretch may have, for one question, in the order of its list. */
  #keys = new Float64Array(0);
  #untold: Uint8Array = noNodes;
  /** Which of equal nodes comes first: turns by slot, the least and the greatest by block and by stretch, and where the round begins. */
  #from = 0;
  #turnAt = noTurns;
  #firstOfBlock = noTurns;
  #lastOfBlock = noTurns;
  #firstOfStretch = noTurns;
  #lastOfStretch = noTurns;

  constructor(nodes: NodeBlocks) {
    this.#nodes = nodes;
  }

  /**
   * The node with the highest score that the question accepts, the lowest index among equals; -1 when there is none. Nodes with a 1 in
   * `untold`, which has one entry a node at the least, are left out: they are no longer as the blocks know them.
   */
  best(question: NodeQuestion, score: NodeScore, untold: Uint8Array): number {
    this.#list(question.eligibility, untold);
    const { blocks, stretches, nodeAt } = this.#nodes;
    this.#from = 0;
    this.#turnAt = nodeAt;
    this.#firstOfBlock = blocks.first;
    this.#lastOfBlock = blocks.last;
    this.#firstOfStretch = stretches.first;
    this.#lastOfStretch = stretches.last;
    return this.#find(question, score, untold);
  }

  /** The same, but among equals the first one from a turn on, and round. */
  drawn(question: NodeQuestion, score: NodeScore, untold: Uint8Array, from: number): number {
    this.#list(question.eligibility, untold);
    const { blocks, stretches, turnAt } = this.#nodes;
    this.#from = from;
    this.#turnAt = turnAt;
    this.#firstOfBlock = blocks.firstTurn;
    this.#lastOfBlock = blocks.lastTurn;
    this.#firstOfStretch = stretches.firstTurn;
    this.#lastOfStretch = stretches.lastTurn;
    return this.#find(question, score, untold);
  }

  #find(question: NodeQuestion, score: NodeScore, untold: Uint8Array): number {
    this.#untold = untold;
    this.#search.start(question, score);
    return score === 'any' ? this.#first(question) : this.#best(question);
  }

  #best(question: NodeQuestion): number {
    const search = this.#search;
    let at = this.#bound(question, search);
    const { stretches, stretchCount } = question.eligibility;
    const keys = this.#keys;
    for (let round = 0; at !== -1 && search.best === -1 && round < mostSorted; round++) {
      this.#visitStretch(stretches[at] as number, question, search);
      keys[at] = Number.NEGATIVE_INFINITY;
      if (search.best === -1) at = largest(keys, stretchCount);
    }
    if (at === -1) return -1;
    let { equal } = search;
    for (let index = 0; index < stretchCount; index++) {
      const key = keys[index] as number;
      if (key < equal || key === Number.NEGATIVE_INFINITY) continue;
      const stretch = stretches[index] as number;
      if (key < search.better && this.#turnOfStretch(stretch) >= search.bestTurn) continue;
      this.#visitStretch(stretch, question, search);
      equal = search.equal;
    }
    return search.best;
  }

  /** Where all score alike no stretch promises more than another. */
  #first(question: NodeQuestion): number {
    const search = this.#search;
    const { stretches, stretchCount } = question.eligibility;
    const { mostCpu, mostMemory } = this.#nodes.stretches;
    for (let index = 0; index < stretchCount; index++) {
      const stretch = stretches[index] as number;
      if ((mostCpu[stretch] as number) < search.leastCpu || (mostMemory[stretch] as number) < search.leastMemory)
        continue;
      if (search.best === -1 || this.#turnOfStretch(stretch) < search.bestTurn)
        this.#visitStretch(stretch, question, search);
    }
    return search.best;
  }

  /** The least turn that a node of the stretch may have. */
  #turnOfStretch(stretch: number): number {
    return firstTurnFrom(this.#firstOfStretch[stretch] as number, this.#lastOfStretch[stretch] as number, this.#from);
  }

  /**
   * Fills the list with the nodes that score highest among eligible ones with the room, as the blocks know them. Returns false where
   * that cannot be told, because some group has only nodes that are no longer so.
   */
  rank(question: NodeQuestion, score: NodeScore, list: Shortlist, untold: Uint8Array): boolean {
    if (!this.#list(question.eligibility, untold)) return false;
    const search = this.#search;
    search.start(question, score);
    const { stretches, stretchCount } = question.eligibility;
    const { stretchFrom, stretchTo, blocks } = this.#nodes;
    this.#bound(question, search, false);
    const keys = this.#keys;
    for (let at = largest(keys, stretchCount); at !== -1; at = largest(keys, stretchCount)) {
      if ((keys[at] as number) < search.equal) break;
      keys[at] = Number.NEGATIVE_INFINITY;
      const stretch = stretches[at] as number;
      const end = stretchTo.values[stretch] as number;
      for (let block = stretchFrom.values[stretch] as number; block < end; block++)
        if (couldHold(blocks, block, search)) this.#rankBlock(block, search, list);
    }
    return true;
  }

  #rankBlock(block: number, search: Search, list: Shortlist): void {
    const nodes = this.#nodes;
    const { cpu, memory, leastCpu, leastMemory, score } = search;
    const end = (block + 1) << widthBits;
    for (let slot = block << widthBits; slot < end; slot++) {
      if ((nodes.cpu[slot] as number) < leastCpu || (nodes.memory[slot] as number) < leastMemory) continue;
      list.offer(nodes.nodeAt[slot] as number, nodes.scoreAt(slot, cpu, memory, score));
    }
    if (!list.isFull) return;
    const last = list.nodes[list.length - 1] as number;
    search.found(last, last, list.leastScore);
  }

  /**
   * Lists the stretches that are worth a look, unless the list is as it should be. Returns whether all of them are known: of a stretch
   * that has only untold nodes nobody can be asked, and as long as they are, nobody needs it.
   */
  #list(eligibility: Eligibility, untold: Uint8Array): boolean {
    const nodes = this.#nodes;
    nodes.refresh();
    const { layout } = nodes;
    const { group, length } = nodes.stretches;
    if (eligibility.listedOf === layout && (eligibility.listsEmpty || eligibility.listedAt === nodes.regrouped))
      return true;
    if (eligibility.stretches.length < length) eligibility.stretches = new Int32Array(2 * length);
    if (this.#keys.length < length) this.#keys = new Float64Array(2 * length);
    let count = 0;
    let listsEmpty = true;
    let knowsAll = true;
    for (let stretch = 0; stretch < length; stretch++) {
      const own = group[stretch] as number;
      let verdict = eligibility.hadGroup(own);
      if (verdict === undefined) {
        const node = this.#oneOf(stretch, untold);
        if (node !== undefined) verdict = eligibility.hasGroup(own, node);
        else if (nodes.stretches.first[stretch] === nowhere) listsEmpty = false;
        else knowsAll = false;
      }
      // A pool that the pod does not tolerate stands empty and would always seem best.
      if (verdict === true) eligibility.stretches[count++] = stretch;
    }
    eligibility.stretchCount = count;
    eligibility.listsEmpty = listsEmpty;
    eligibility.listedAt = nodes.regrouped;
    eligibility.listedOf = knowsAll ? layout : -1;
    return knowsAll;
  }

  /** A node of the stretch that is as the blocks know it; undefined when there is none. */
  #oneOf(stretch: number, untold: Uint8Array): number | undefined {
    const { stretches, stretchFrom, stretchTo, nodeAt } = this.#nodes;
    const first = stretches.first[stretch] as number;
    if (first === nowhere) return undefined;
    if (untold[first] !== 1) return first;
    const from = (stretchFrom.values[stretch] as number) << widthBits;
    const slots = nodeAt.subarray(from, (stretchTo.values[stretch] as number) << widthBits);
    return slots.find((node) => node !== -1 && untold[node] !== 1);
  }

  /**
   * Works out what each stretch of the list may have at best, and returns the position of the one that promises most; -1 when
   * none has the room. Those in other domains than the pod may go to have nothing, unless nobody minds.
   */
  #bound(question: NodeQuestion, search: Search, minds = true): number {
    const { cpu, memory, leastCpu, leastMemory, bounded, sign } = search;
    const { stretches, stretchCount } = question.eligibility;
    const { mostCpu, mostMemory, mostShare, leastShare, perCpu, perMemory, first } = this.#nodes.stretches;
    const share = sign === 1 ? mostShare : leastShare;
    const keys = this.#keys;
    let top = -1;
    let topKey = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < stretchCount; index++) {
      const stretch = stretches[index] as number;
      let key = Number.NEGATIVE_INFINITY;
      if ((mostCpu[stretch] as number) >= leastCpu && (mostMemory[stretch] as number) >= leastMemory) {
        key = bounded
          ? sign *
            ((share[stretch] as number) - cpu * (perCpu[stretch] as number) - memory * (perMemory[stretch] as number))
          : Number.POSITIVE_INFINITY;
        if (key > topKey) {
          if (!minds || question.acceptsDomains(first[stretch] as number)) {
            topKey = key;
            top = index;
          } else key = Number.NEGATIVE_INFINITY;
        }
      }
      keys[index] = key;
    }
    return top;
  }

  #visitStretch(stretch: number, question: NodeQuestion, search: Search): void {
    const { stretchFrom, stretchTo, stretches, blocks } = this.#nodes;
    if (!question.acceptsDomains(stretches.first[stretch] as number)) return;
    const start = stretchFrom.values[stretch] as number;
    const end = stretchTo.values[stretch] as number;
    // With something good at hand the other blocks are seldom worth a look; in their order, each would be a little better.
    if (search.best === -1 && end - start > 1 && search.score !== 'any')
      this.#visit(this.#topBlock(start, end, search), question, search);
    for (let block = start; block < end; block++) {
      if ((blocks.mostCpu[block] as number) < search.leastCpu) continue;
      if ((blocks.mostMemory[block] as number) < search.leastMemory) continue;
      if (this.#mayBeat(block, search)) this.#visit(block, question, search);
    }
  }

  /** The block of greatest promise. */
  #topBlock(start: number, end: number, { sign, leastCpu, leastMemory }: Search): number {
    const { mostCpu, mostMemory, mostShare, leastShare } = this.#nodes.blocks;
    const share = sign === 1 ? mostShare : leastShare;
    let top = start;
    let most = Number.NEGATIVE_INFINITY;
    for (let block = start; block < end; block++) {
      const promise = sign * (share[block] as number);
      if (promise <= most || (mostCpu[block] as number) < leastCpu || (mostMemory[block] as number) < leastMemory)
        continue;
      most = promise;
      top = block;
    }
    return top;
  }

  /** Whether some node of the block may be better than what was found. */
  #mayBeat(block: number, search: Search): boolean {
    const { bounded, sign, cpu, memory, score } = search;
    if (!bounded || search.best === -1) return true;
    const { blocks } = this.#nodes;
    const turn = firstTurnFrom(this.#firstOfBlock[block] as number, this.#lastOfBlock[block] as number, this.#from);
    const wanted = cpu * (blocks.perCpu[block] as number) + memory * (blocks.perMemory[block] as number);
    const share = (sign === 1 ? blocks.mostShare[block] : blocks.leastShare[block]) as number;
    if (sign * (share - wanted) < (turn > search.bestTurn ? search.better : search.equal)) return false;
    if (sign === -1) return true;
    // Exact where all nodes of the block are equally free, as when the cluster is empty.
    const bound = scoreNode(
      (blocks.mostCpu[block] as number) - cpu,
      (blocks.mostMemory[block] as number) - memory,
      blocks.ofCpu[block] as number,
      blocks.ofMemory[block] as number,
      score,
    );
    return bound > search.bestScore || (bound === search.bestScore && turn < search.bestTurn);
  }

  /** Looks for something better among the nodes of a block. */
  #visit(block: number, question: NodeQuestion, search: Search): void {
    const nodes = this.#nodes;
    const { cpu: cpus, memory: memories, share: shares, nodeAt } = nodes;
    const { cpu, memory, leastCpu, leastMemory, bounded, score, sign } = search;
    const { perCpu, perMemory } = nodes.blocks;
    const untold = this.#untold;
    const turnAt = this.#turnAt;
    const from = this.#from;
    const wanted = cpu * (perCpu[block] as number) + memory * (perMemory[block] as number);
    const end = (block + 1) << widthBits;
    let { bestTurn, bestScore, equal, better } = search;
    for (let slot = block << widthBits; slot < end; slot++) {
      if ((cpus[slot] as number) < leastCpu || (memories[slot] as number) < leastMemory) continue;
      const turn = turnFrom(turnAt[slot] as number, from);
      if (bounded) {
        const key = sign * ((shares[slot] as number) - wanted);
        if (key < (turn > bestTurn ? better : equal)) continue;
      }
      const node = nodeAt[slot] as number;
      if (untold[node] === 1) continue;
      const value = nodes.scoreAt(slot, cpu, memory, score);
      if (value < bestScore || (value === bestScore && turn > bestTurn) || !question.accepts(node)) continue;
      search.found(node, turn, value);
      ({ bestTurn, bestScore, equal, better } = search);
    }
  }
}

/** Whether a node with the room and a score that may be high enough may be among those summed up. */
function couldHold(
  { mostCpu, mostMemory, mostShare, leastShare, perCpu, perMemory }: Summaries,
  at: number,
  { leastCpu, leastMemory, bounded, equal, sign, cpu, memory }: Search,
): boolean {
  if ((mostCpu[at] as number) < leastCpu || (mostMemory[at] as number) < leastMemory) return false;
  const share = (sign === 1 ? mostShare[at] : leastShare[at]) as number;
  return !bounded || sign * (share - cpu * (perCpu[at] as number) - memory * (perMemory[at] as number)) >= equal;
}
