import { freeBits, freeCpu, freeMemory, widthBits } from './block-layout.js';
import type { NodeBlocks } from './node-blocks.js';
import { firstTurnFrom, type NodeQuestion, type Search, type Turns, turnFrom } from './node-search.js';
import { hasRoom } from './scans.js';

/**
 * The first node, by turns, that has the room and accepts the pod; -1 when there is none. Where all score alike no stretch promises more
 * than another, so each is looked at for as long as it may have an earlier one. Untold nodes are left out.
 */
export function firstNode(
  question: NodeQuestion,
  nodes: NodeBlocks,
  search: Search,
  turns: Turns,
  untold: Uint8Array,
): number {
  const { stretches, stretchCount } = question.eligibility;
  const { firstListed, lastListed, from } = turns;
  for (let index = 0; index < stretchCount; index++) {
    const stretch = stretches[index] as number;
    if (!hasRoom(nodes.stretches.rows, stretch, search)) continue;
    const turn = firstTurnFrom(firstListed[stretch] as number, lastListed[stretch] as number, from);
    if (search.best !== -1 && turn >= search.bestTurn) continue;
    if (question.acceptsDomains(nodes.stretches.first[stretch] as number))
      firstOfStretch(stretch, question, nodes, search, turns, untold);
  }
  return search.best;
}

function firstOfStretch(
  stretch: number,
  question: NodeQuestion,
  nodes: NodeBlocks,
  search: Search,
  turns: Turns,
  untold: Uint8Array,
): void {
  const { stretchFrom, stretchTo } = nodes;
  const { first, last, from } = turns;
  const to = stretchTo.values[stretch] as number;
  for (let block = stretchFrom.values[stretch] as number; block < to; block++) {
    if (!hasRoom(nodes.blocks.rows, block, search)) continue;
    const turn = firstTurnFrom(first[block] as number, last[block] as number, from);
    if (search.best === -1 || turn < search.bestTurn) firstOfBlock(block, question, nodes, search, turns, untold);
  }
}

function firstOfBlock(
  block: number,
  question: NodeQuestion,
  { free, nodeAt, slotEnd }: NodeBlocks,
  search: Search,
  turns: Turns,
  untold: Uint8Array,
): void {
  const { leastCpu, leastMemory } = search;
  const slots = block << widthBits;
  const places = block << freeBits;
  const count = (slotEnd.values[block] as number) - slots;
  for (let index = 0; index < count; index++) {
    const at = places + index;
    if ((free[at + freeCpu] as number) < leastCpu || (free[at + freeMemory] as number) < leastMemory) continue;
    const slot = slots + index;
    const turn = turnFrom(turns.at[slot] as number, turns.from);
    if (search.best !== -1 && turn >= search.bestTurn) continue;
    const node = nodeAt[slot] as number;
    if (untold[node] !== 1 && question.accepts(node)) search.found(node, turn, 0);
  }
}
