import { defaultPolicy } from '@cloudoptim/core';
import { boundProblem } from '@cloudoptim/scheduling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { documentsOf, smallPackings } from '../../../test-support/small-packing.js';
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
