import { widthBits } from './block-layout.js';
import type { Eligibility } from './eligibility.js';
import type { NodeBlocks } from './node-blocks.js';
import { nowhere } from './summaries.js';

/** Families are listed where they are so many times fewer than their stretches: else to go through them costs more than it saves. */
const worthwhile = 1.5;

/**
 * Lists what is worth a look, unless the list is as it should be. Returns whether all of it is known: of a stretch that has only untold nodes
 * nobody can be asked, and as long as they are, nobody needs it.
 */
export function listEligible(eligibility: Eligibility, nodes: NodeBlocks, untold: Uint8Array): boolean {
  const { layout } = nodes;
  const { group, length } = nodes.stretches;
  if (eligibility.listedOf === layout && (eligibility.listsEmpty || eligibility.listedAt === nodes.regrouped))
    return true;
  if (eligibility.stretches.length < length) eligibility.stretches = new Int32Array(2 * length);
  let count = 0;
  let listsEmpty = true;
  let knowsAll = true;
  for (let stretch = 0; stretch < length; stretch++) {
    const own = group[stretch] as number;
    let verdict = eligibility.hadGroup(own);
    if (verdict === undefined) {
      const node = oneOf(stretch, nodes, untold);
      if (node !== undefined) verdict = eligibility.hasGroup(own, node);
      else if (nodes.stretches.first[stretch] === nowhere) listsEmpty = false;
      else knowsAll = false;
    }
    // A pool that the pod does not tolerate stands empty and would always seem best.
    if (verdict === true) eligibility.stretches[count++] = stretch;
  }
  eligibility.stretchCount = count;
  eligibility.families = undefined;
  eligibility.listsEmpty = listsEmpty;
  eligibility.listedAt = nodes.regrouped;
  eligibility.listedOf = knowsAll ? layout : -1;
  return knowsAll;
}

/** The families of what is listed; none where they are too many, or where some family has a stretch that is not eligible as well. */
export function familiesOf(eligibility: Eligibility, nodes: NodeBlocks): Int32Array {
  const { group } = nodes.stretches;
  const eligible: number[] = [];
  for (const [family, stretches] of nodes.families.stretchesOf.entries()) {
    const verdicts = stretches.map((stretch) => eligibility.hadGroup(group[stretch] as number));
    if (!verdicts.includes(true)) continue;
    if (verdicts.includes(false)) return new Int32Array(0);
    eligible.push(family);
  }
  return Int32Array.from(eligible.length * worthwhile <= eligibility.stretchCount ? eligible : []);
}

/** A node of the stretch that is as the blocks know it; undefined when there is none. */
function oneOf(stretch: number, nodes: NodeBlocks, untold: Uint8Array): number | undefined {
  const { stretches, stretchFrom, stretchTo, nodeAt } = nodes;
  const first = stretches.first[stretch] as number;
  if (first === nowhere) return undefined;
  if (untold[first] !== 1) return first;
  const from = (stretchFrom.values[stretch] as number) << widthBits;
  const slots = nodeAt.subarray(from, (stretchTo.values[stretch] as number) << widthBits);
  return slots.find((node) => node !== -1 && untold[node] !== 1);
}
