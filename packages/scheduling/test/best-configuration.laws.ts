import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { bestConfiguration } from '../src/bound/best-configuration.js';

const items = fc.array(
  fc.record({
    most: fc.integer({ min: 1, max: 3 }),
    worth: fc.integer({ min: 1, max: 9 }),
    needs: fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.constant(1)),
    group: fc.constantFrom(-1, -1, 0, 1),
  }),
  { maxLength: 6 },
);
const room = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 }), fc.nat({ max: 6 }));
const prices = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0, max: 2, noNaN: true })));
const shares = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }));

type Item = typeof items extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** The most that any counts bring, by trying all of them. */
function most(all: readonly Item[], capacity: readonly number[], left: readonly number[], from = 0): number {
  const item = all[from];
  if (item === undefined) return 0;
  let best = 0;
  for (let count = 0; count <= item.most; count++) {
    const rest = capacity.map((amount, row) => amount - count * (item.needs[row] as number));
    const open = left.map((own, group) => (group === item.group ? own - count : own));
    if (Math.min(...rest, ...open) < 0) break;
    best = Math.max(best, count * item.worth + most(all, rest, open, from + 1));
  }
  return best;
}

describe('the best pods for one node', () => {
  it('are those that trying everything finds, whatever room is priced at', () => {
    let [cases, above] = [0, 0];
    fc.assert(
      fc.property(items, room, prices, shares, fc.nat({ max: 12 }), (drawn, capacity, perUnit, sharing, least) => {
        cases++;
        const all = drawn.map((item, index) => ({ ...item, index }));
        const expected = most(drawn, capacity, sharing);
        const found = bestConfiguration({
          items: all,
          capacity,
          perUnit,
          sharing: (group) => sharing[group] as number,
          above: least,
          steps: 1e6,
        });
        expect(found.isProven).toBe(true);
        expect(found.worth).toBeCloseTo(Math.max(expected, least), 9);
        if (expected <= least) return;
        above++;
        const held = found.holds.map(([index, count]) => ({ ...(all[index] as (typeof all)[number]), count }));
        expect(held.reduce((sum, { worth, count }) => sum + worth * count, 0)).toBe(found.worth);
        capacity.forEach((amount, row) => {
          expect(held.reduce((sum, { needs, count }) => sum + count * (needs[row] as number), 0)).toBeLessThanOrEqual(
            amount,
          );
        });
      }),
      lawParameters(1_000),
    );
    expect(above / cases).toBeGreaterThan(0.1);
  });

  it('says when it gave up', () => {
    const all = Array.from({ length: 12 }, (_, index) => ({
      index,
      most: 5,
      worth: 10 + index,
      needs: [10 + index],
      group: -1,
    }));
    const question = { items: all, capacity: [997], perUnit: [0.5], sharing: () => 1, above: 0 };
    expect(bestConfiguration({ ...question, steps: 20 }).isProven).toBe(false);
  });
});
