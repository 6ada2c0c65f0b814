import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { freeCpu, freeMemory, freeShare, placeOf, widthBits } from '../src/fast/block-layout.js';
import { NodeBlocks } from '../src/fast/node-blocks.js';
import { leastShare, mostCpu, mostMemory, mostShare, nowhere, rowBits, type Summaries } from '../src/fast/summaries.js';

const nodes = 40;
/** Few amounts, so that many are equal: what was the most may still be, once one of two is gone. */
const amount = fc.integer({ min: -1, max: 4 }).map((times) => times * 1_000);
const group = fc.integer({ min: 0, max: 5 });
const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ node: fc.nat(nodes - 1), cpu: amount, memory: amount, pods: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ node: fc.nat(nodes - 1), group }) },
  { weight: 1, arbitrary: fc.record({ node: fc.nat(nodes - 1) }) },
  { weight: 1, arbitrary: fc.constant('refresh' as const) },
);

describe('blocks of nodes', () => {
  // A change is folded into what is summed up, and only what it may have lowered is summed up again: the result is the same.
  it('know of each block, stretch and family what summing up all of its nodes would say', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200, size: 'max' }), fc.nat(2), (changes, mostVacant) => {
        const blocks = new NodeBlocks(mostVacant);
        const present = new Set<number>();
        for (let node = 0; node < nodes; node++) blocks.push();
        for (const what of changes) {
          if (what === 'refresh') blocks.refresh();
          else if ('group' in what) {
            // Groups of one family are of one size.
            const size = 1_000 * (2 + Math.floor(what.group / 2));
            blocks.set(what.node, nodes - what.node, what.group, Math.floor(what.group / 2), size, 2 * size);
            blocks.setFree(what.node, 500, 500, 1);
            present.add(what.node);
          } else if (!('cpu' in what)) {
            blocks.clear(what.node);
            present.delete(what.node);
          } else if (present.has(what.node)) blocks.setFree(what.node, what.cpu, what.memory, what.pods);
        }
        blocks.refresh();
        isSummedUp(blocks);
      }),
      lawParameters(300),
    );
  });
});

function isSummedUp(blocks: NodeBlocks): void {
  const slotsOf = (block: number) => Array.from({ length: 1 << widthBits }, (_, at) => (block << widthBits) + at);
  const blocksOf = (stretch: number) => {
    const [from, to] = [blocks.stretchFrom.values[stretch] as number, blocks.stretchTo.values[stretch] as number];
    return Array.from({ length: to - from }, (_, at) => from + at).flatMap(slotsOf);
  };
  for (let block = 0; block < blocks.blocks.length; block++) compare(blocks, blocks.blocks, block, slotsOf(block));
  for (let stretch = 0; stretch < blocks.stretches.length; stretch++)
    compare(blocks, blocks.stretches, stretch, blocksOf(stretch));
  for (const [family, stretches] of blocks.families.stretchesOf.entries())
    compare(blocks, blocks.families.best, family, stretches.flatMap(blocksOf));
}

function compare({ free, nodeAt, turnAt }: NodeBlocks, known: Summaries, at: number, slots: readonly number[]): void {
  const taken = slots.filter((slot) => nodeAt[slot] !== -1);
  const open = taken.filter((slot) => free[placeOf(slot) + freeCpu] !== Number.NEGATIVE_INFINITY);
  const of = (place: number) => open.map((slot) => free[placeOf(slot) + place] as number);
  const row = at << rowBits;
  const expected = [
    [known.rows[row + mostCpu], Math.max(...of(freeCpu))],
    [known.rows[row + mostMemory], Math.max(...of(freeMemory))],
    [known.rows[row + mostShare], Math.max(...of(freeShare))],
    [known.rows[row + leastShare], Math.min(...of(freeShare))],
    [known.first[at], Math.min(nowhere, ...taken.map((slot) => nodeAt[slot] as number))],
    [known.last[at], Math.max(-1, ...taken.map((slot) => nodeAt[slot] as number))],
    [known.firstTurn[at], Math.min(nowhere, ...taken.map((slot) => turnAt[slot] as number))],
    [known.lastTurn[at], Math.max(-1, ...taken.map((slot) => turnAt[slot] as number))],
  ] as const;
  for (const [index, [is, should]] of expected.entries())
    if (is !== should) throw new Error(`Number ${index} of ${at} is ${is}, not ${should}.`);
}
