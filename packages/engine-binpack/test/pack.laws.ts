import { defaultPolicy } from '@cloudoptim/core';
import { boundProblem } from '@cloudoptim/scheduling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { documentsOf, leastBill, smallPackings } from '../../../test-support/small-packing.js';
import { lowerBound } from '../src/bound/lower-bound.js';
import { packClasses } from '../src/pack/pack-classes.js';
import { packingFaults } from './packing-faults.js';

const scope = { pendingPods: true };
const spend = async () => {};

describe('a packing', () => {
  it('keeps every rule of the problem, accounts for every pod and costs no less than the bound', async () => {
    await fc.assert(
      fc.asyncProperty(smallPackings, fc.constantFrom(0, 1000), async (small, work) => {
        const { state, market } = documentsOf(small);
        const problem = boundProblem(state, market, defaultPolicy, scope);
        const packing = await packClasses(problem, { spend, seed: 1, work });
        expect(packingFaults(problem, packing)).toEqual([]);
        const { usdPerHour } = await lowerBound(problem, scope, spend);
        if (packing.unplaced.length === 0) expect(packing.usdPerHour).toBeGreaterThanOrEqual(usdPerHour - 1e-9);
        expect(Number.isFinite(packing.usdPerHour)).toBe(true);
      }),
      lawParameters(300),
    );
  });

  it('of few pods is the cheapest there is', async () => {
    let placed = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(smallPackings, async (small) => {
        // Pods that run already may stay where no new one may go, which the problem takes more freely than the search.
        const waiting = { ...small, pods: small.pods.map(({ on: _, ...pod }) => pod) };
        const { state, market } = documentsOf(waiting);
        const problem = boundProblem(state, market, defaultPolicy, scope);
        const packing = await packClasses(problem, { spend, seed: 1, work: 0 });
        const least = leastBill(waiting);
        cases++;
        expect(packing.unplaced.length === 0).toBe(Number.isFinite(least));
        if (!Number.isFinite(least)) return;
        placed++;
        expect(packing.usdPerHour).toBeCloseTo(least, 9);
      }),
      lawParameters(200),
    );
    // Nothing to place, or no place, would put the law to no test.
    expect(placed / cases).toBeGreaterThan(0.2);
  });

  // Of few pods only: a search that does not try everything may be led astray by a cheaper offering.
  it('of few pods costs no more where an offering is cheaper, and no less where a pod is pinned', async () => {
    await fc.assert(
      fc.asyncProperty(smallPackings, fc.nat(), async (small, drawn) => {
        const billOf = async (packing: typeof small) => {
          const { state, market } = documentsOf(packing);
          const problem = boundProblem(state, market, defaultPolicy, scope);
          const { usdPerHour, unplaced } = await packClasses(problem, { spend, seed: 1, work: 0 });
          return unplaced.length === 0 ? usdPerHour : Number.POSITIVE_INFINITY;
        };
        const bill = await billOf(small);
        const offer = drawn % small.offers.length;
        const offers = small.offers.map((own, at) => (at === offer ? { ...own, price: own.price / 2 } : own));
        expect(await billOf({ ...small, offers })).toBeLessThanOrEqual(bill);
        const pod = drawn % small.pods.length;
        const pods = small.pods.map((own, at) => (at === pod ? { arch: 'amd64' as const, ...own } : own));
        expect(await billOf({ ...small, pods })).toBeGreaterThanOrEqual(bill);
      }),
      lawParameters(100),
    );
  });

  it('is the same to the byte for the same problem, seed and work', async () => {
    await fc.assert(
      fc.asyncProperty(smallPackings, fc.nat(), async (small, seed) => {
        const answers = await Promise.all(
          [1, 2].map(async () => {
            const { state, market } = documentsOf(small);
            const problem = boundProblem(state, market, defaultPolicy, scope);
            return JSON.stringify(await packClasses(problem, { spend, seed, work: 500 }));
          }),
        );
        expect(answers[0]).toBe(answers[1]);
      }),
      lawParameters(100),
    );
  });
});
