import { defaultPolicy } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { documentsOf, leastBill, smallPackings } from '../../../test-support/small-packing.js';
import { boundCertificate, boundProblem, checkLowerBound, dualBound } from '../src/index.js';

const policy = { ...defaultPolicy };
const scope = { pendingPods: true };

/** Prices near what a solver would find: every node's price shared out over its room, pods paid what their room costs. */
const shares = fc.array(fc.nat({ max: 10 }), { minLength: 8, maxLength: 8 });
const daring = fc.array(fc.constantFrom(0, 0.5, 0.9, 1, 1, 1.1, 2, 30), { minLength: 8, maxLength: 8 });

describe('a lower bound', () => {
  it('never lies above the least bill, whatever prices it is made from', () => {
    const seen = { cases: 0, positive: 0, share: 0 };
    fc.assert(
      fc.property(smallPackings, shares, daring, (packing, weights, factors) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, policy, scope);
        const width = problem.rows.length;
        const columns = problem.columns.flatMap(({ capacity, usdPerHour }, column) => {
          const own = capacity.map((amount, row) => (amount > 0 ? (weights[(column + row) % 8] as number) : 0));
          const sum = own.reduce((total, weight) => total + weight, 0);
          return capacity.map((amount, row) =>
            sum > 0 && amount > 0 ? (usdPerHour * (own[row] as number)) / sum / amount : 0,
          );
        });
        const classes = problem.classes.map(({ needs, rule }, index) => {
          const costs = problem.columns.map(({ open }, column) =>
            open[rule] === 1
              ? needs.reduce((sum, need, row) => sum + need * (columns[column * width + row] as number), 0)
              : Number.POSITIVE_INFINITY,
          );
          const least = Math.min(...costs);
          return (Number.isFinite(least) ? least : 1) * (factors[index % 8] as number);
        });
        const bound = dualBound(problem, { classes, columns });
        const least = leastBill(packing);
        seen.cases++;
        if (bound > 0) seen.positive++;
        if (least > 0 && least < Number.POSITIVE_INFINITY) seen.share += bound / least;
        expect(bound).toBeLessThanOrEqual(least + 1e-9);
      }),
      lawParameters(2_000),
    );
    // A law that only ever sees a bound of nothing would teach nothing.
    expect(seen.positive / seen.cases).toBeGreaterThan(0.2);
  });

  it('is refused when a certificate claims more than its prices prove', () => {
    fc.assert(
      fc.property(smallPackings, shares, fc.double({ min: 1e-6, max: 1, noNaN: true }), (packing, weights, more) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, policy, scope);
        const columns = problem.columns.flatMap(({ capacity, usdPerHour }) =>
          capacity.map((amount, row) => (amount > 0 && row === (weights[0] as number) % 2 ? usdPerHour / amount : 0)),
        );
        const classes = problem.classes.map((_, index) => (weights[index % 8] as number) / 100);
        const prices = { classes, columns };
        const proven = dualBound(problem, prices);
        const certificate = boundCertificate(problem, scope, prices, proven);
        expect(checkLowerBound(state, market, policy, certificate)).toEqual({ holds: true, usdPerHour: proven });
        const bold = { ...certificate, usdPerHour: proven + more };
        expect(checkLowerBound(state, market, policy, bold)).toMatchObject({
          holds: false,
          reasons: [{ code: 'bound-not-proven' }],
        });
      }),
      lawParameters(300),
    );
  });
});
