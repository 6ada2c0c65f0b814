import { createContext, defaultPolicy, mergePolicy } from '@cloudoptim/core';
import { boundProblem, checkLowerBound } from '@cloudoptim/scheduling';
import { arbitraryDecisionCase } from '@cloudoptim/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { documentsOf, leastBill, smallPackings } from '../../../test-support/small-packing.js';
import { lowerBound } from '../src/bound/lower-bound.js';
import { BinpackEngine } from '../src/index.js';

const scope = { pendingPods: true };
const free = async () => {};

describe('the lower bound of binpack', () => {
  it('is proven by its certificate and never above the least bill', async () => {
    let [bounded, sum] = [0, 0];
    await fc.assert(
      fc.asyncProperty(smallPackings, async (packing) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, defaultPolicy, scope);
        const certificate = await lowerBound(problem, scope, free);
        const { usdPerHour } = certificate;
        const least = leastBill(packing);
        expect(usdPerHour).toBeLessThanOrEqual(least + 1e-9);
        expect(checkLowerBound(state, market, defaultPolicy, certificate)).toEqual({ holds: true, usdPerHour });
        expect(JSON.parse(JSON.stringify(certificate))).toEqual(certificate);
        if (least > 0 && least < Number.POSITIVE_INFINITY) {
          bounded++;
          sum += usdPerHour / least;
        }
      }),
      lawParameters(300),
    );
    // Handfuls of pods on a node or two are where the relaxation is weakest.
    expect(sum / bounded).toBeGreaterThan(0.5);
  });

  it('is no weaker for looking at whole pods, and still never above the least bill', async () => {
    let [stronger, cases] = [0, 0];
    await fc.assert(
      fc.asyncProperty(smallPackings, async (packing) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, defaultPolicy, scope);
        const plain = await lowerBound(problem, scope, free);
        const whole = await lowerBound(problem, scope, free, { rounds: 20 });
        expect(whole.usdPerHour).toBeGreaterThanOrEqual(plain.usdPerHour);
        expect(whole.usdPerHour).toBeLessThanOrEqual(leastBill(packing) + 1e-9);
        expect(checkLowerBound(state, market, defaultPolicy, whole).holds).toBe(true);
        cases++;
        if (whole.usdPerHour > plain.usdPerHour * 1.01 + 1e-6) stronger++;
      }),
      lawParameters(200),
    );
    expect(stronger / cases).toBeGreaterThan(0.1);
  });

  it('is the same to the byte for the same problem', async () => {
    await fc.assert(
      fc.asyncProperty(smallPackings, async (packing) => {
        const answers = await Promise.all(
          [1, 2].map(async () => {
            const { state, market } = documentsOf(packing);
            return JSON.stringify(
              await lowerBound(boundProblem(state, market, defaultPolicy, scope), scope, free, { rounds: 5 }),
            );
          }),
        );
        expect(answers[0]).toBe(answers[1]);
      }),
      lawParameters(100),
    );
  });
});

describe('the lower bound in a plan of binpack', () => {
  it('holds for every plan, and no plan that could be carried out costs less', async () => {
    const engine = new BinpackEngine();
    let [cases, changed, tight] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(arbitraryDecisionCase(), async ({ cluster, market, policy, now, seed }) => {
        const { plan } = await engine.analyze({ cluster, market, policy }, createContext({ now, seed }));
        const merged = mergePolicy(policy);
        expect(checkLowerBound(cluster, market, merged, plan)).toEqual({
          holds: true,
          usdPerHour: plan.lowerBound?.usdPerHour,
        });
        cases++;
        if (plan.groups.length > 0) changed++;
        if ((plan.lowerBound?.usdPerHour ?? 0) > 0.5 * plan.projectedUsdPerHour.point) tight++;
      }),
      lawParameters(200),
    );
    // Plans that change nothing, and bounds of next to nothing, would put the law to no test.
    expect(changed / cases).toBeGreaterThan(0.3);
    expect(tight / cases).toBeGreaterThan(0.3);
  });
});
