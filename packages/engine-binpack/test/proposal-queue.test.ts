import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Proposal, ProposalQueue } from '../src/propose-replacements.js';

const proposal = (savedUsdPerHour: number, node: number) => ({ savedUsdPerHour, nodes: [node] }) as unknown as Proposal;
const proposals = fc
  .array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 40 })
  .map((all) => all.map(([saved, node]) => proposal(saved, node)));
const byRank = (a: Proposal, b: Proposal) =>
  b.savedUsdPerHour - a.savedUsdPerHour || (a.nodes[0] as number) - (b.nodes[0] as number);

// Taken off the front of one long array and put back in its middle, some hundred thousand of them took minutes.
test('proposals come by rank, those that were added later among the others', () => {
  fc.assert(
    fc.property(proposals, proposals, (first, later) => {
      const queue = new ProposalQueue([...first].sort(byRank));
      for (const one of later) queue.add(one);
      const found: Proposal[] = [];
      for (let next = queue.next(); next !== undefined; next = queue.next()) found.push(next);
      const rank = ({ savedUsdPerHour, nodes }: Proposal) => [savedUsdPerHour, nodes[0]];
      expect(found.map(rank)).toEqual([...first, ...later].sort(byRank).map(rank));
    }),
  );
});

test('of equal ones the first that was there or added comes first', () => {
  const [first, second, third] = [proposal(1, 0), proposal(1, 0), proposal(1, 0)];
  const queue = new ProposalQueue([first]);
  queue.add(second);
  queue.add(third);
  for (const expected of [first, second, third, undefined]) expect(queue.next()).toBe(expected);
});
