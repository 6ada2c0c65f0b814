import { freeBits, freeCpu, freeMemory, widthBits } from './block-layout.js';
import type { NodeBlocks } from './node-blocks.js';
import { scoreNode } from './node-score.js';
import type { Search } from './node-search.js';
import type { Shortlist } from './shortlist.js';
import {
  leastShare,
  mostCpu,
  mostMemory,
  mostShare,
  ofCpu,
  ofMemory,
  perCpu,
  perMemory,
  rowBits,
  type Summaries,
} from './summaries.js';

/** Offers the list the nodes of the stretch that have the room and may be better than the last on it. */
export function rankStretch(stretch: number, nodes: NodeBlocks, search: Search, list: Shortlist): void {
  const to = nodes.stretchTo.values[stretch] as number;
  for (let block = nodes.stretchFrom.values[stretch] as number; block < to; block++)
    if (couldHold(nodes.blocks, block, search)) rankBlock(block, nodes, search, list);
}

function rankBlock(
  block: number,
  { free, nodeAt, blocks, slotEnd }: NodeBlocks,
  search: Search,
  list: Shortlist,
): void {
  const { cpu, memory, leastCpu, leastMemory, score } = search;
  const row = block << rowBits;
  const allCpu = blocks.rows[row + ofCpu] as number;
  const allMemory = blocks.rows[row + ofMemory] as number;
  const slots = block << widthBits;
  const places = block << freeBits;
  const count = (slotEnd.values[block] as number) - slots;
  for (let index = 0; index < count; index++) {
    const at = places + index;
    if ((free[at + freeCpu] as number) < leastCpu || (free[at + freeMemory] as number) < leastMemory) continue;
    const leftCpu = (free[at + freeCpu] as number) - cpu;
    const leftMemory = (free[at + freeMemory] as number) - memory;
    list.offer(nodeAt[slots + index] as number, scoreNode(leftCpu, leftMemory, allCpu, allMemory, score));
  }
  if (!list.isFull) return;
  const last = list.nodes[list.length - 1] as number;
  search.found(last, last, list.leastScore);
}

/** Whether a node with the room and a score that may be high enough may be among those summed up. */
function couldHold({ rows }: Summaries, at: number, search: Search): boolean {
  const { leastCpu, leastMemory, equal, sign, cpu, memory } = search;
  const row = at << rowBits;
  if ((rows[row + mostCpu] as number) < leastCpu || (rows[row + mostMemory] as number) < leastMemory) return false;
  const share = rows[row + (sign === 1 ? mostShare : leastShare)] as number;
  return sign * (share - cpu * (rows[row + perCpu] as number) - memory * (rows[row + perMemory] as number)) >= equal;
}
