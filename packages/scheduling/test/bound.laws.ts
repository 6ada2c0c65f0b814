import { defaultPolicy } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { documentsOf, leastBill, smallPackings } from '../../../test-support/small-packing.js';
import {
  type BoundColumn,
  type BoundProblem,
  boundCertificate,
  boundProblem,
  checkLowerBound,
  type DualPrices,
  dualBound,
} from '../src/index.js';

const policy = { ...defaultPolicy };
const scope = { pendingPods: true };

/** Prices near what a solver would find: every node's price shared out over its room, pods paid what their room costs. */
const shares = fc.array(fc.nat({ max: 10 }), { minLength: 8, maxLength: 8 });
const daring = fc.array(fc.constantFrom(0, 0.5, 0.9, 1, 1, 1.1, 2, 30), { minLength: 8, maxLength: 8 });

function pricesNear({ rows, classes, columns }: BoundProblem, weights: number[], factors: number[]): DualPrices {
  const ofColumns = columns.flatMap(({ capacity, usdPerHour }, column) => {
    const own = capacity.map((amount, row) => (amount > 0 ? (weights[(column + row) % 8] as number) : 0));
    const sum = own.reduce((total, weight) => total + weight, 0);
    return capacity.map((amount, row) =>
      sum > 0 && amount > 0 ? (usdPerHour * (own[row] as number)) / sum / amount : 0,
    );
  });
  const ofClasses = classes.map(({ needs, rule }, index) => {
    const costs = columns.map(({ open }, column) =>
      open[rule] === 1
        ? needs.reduce((sum, need, row) => sum + need * (ofColumns[column * rows.length + row] as number), 0)
        : Number.POSITIVE_INFINITY,
    );
    const least = Math.min(...costs);
    return (Number.isFinite(least) ? least : 1) * (factors[index % 8] as number);
  });
  return { classes: ofClasses, columns: ofColumns };
}

/** One constraint more, or one offering dearer: nothing that packs the pods afterwards could not have done so before, for less. */
const tightenings: Readonly<Record<string, (column: BoundColumn) => BoundColumn>> = {
  'is dearer': (column) => ({ ...column, usdPerHour: column.usdPerHour * 1.5 }),
  'is smaller': (column) => ({ ...column, capacity: column.capacity.map((amount) => Math.floor(amount * 0.7)) }),
  'lets in the pods of one rule less': (column) => ({ ...column, open: column.open.map((open, rule) => rule && open) }),
  'is not for sale': (column) => (column.kept ? column : { ...column, supply: 0 }),
  'holds one of an exclusive group': (column) => ({ ...column, sharing: new Map() }),
};

describe('a lower bound', () => {
  it('never lies above the least bill, whatever prices it is made from', () => {
    const seen = { cases: 0, positive: 0, share: 0 };
    fc.assert(
      fc.property(smallPackings, shares, daring, (packing, weights, factors) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, policy, scope);
        const bound = dualBound(problem, pricesNear(problem, weights, factors));
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

  it('is not lowered by one constraint more, nor by a dearer offering, and not raised by a cheaper one', () => {
    const changes = fc.constantFrom(...Object.keys(tightenings));
    let raised = 0;
    fc.assert(
      fc.property(smallPackings, shares, daring, changes, fc.nat(), (packing, weights, factors, change, at) => {
        const { state, market } = documentsOf(packing);
        const problem = boundProblem(state, market, policy, scope);
        if (problem.columns.length === 0) return;
        const prices = pricesNear(problem, weights, factors);
        const tightened = at % problem.columns.length;
        const columns = problem.columns.map((column, index) =>
          index === tightened ? (tightenings[change] as (column: BoundColumn) => BoundColumn)(column) : column,
        );
        const before = dualBound(problem, prices);
        const after = dualBound({ ...problem, columns }, prices);
        if (after > before) raised++;
        // Each is rounded down by some of its last digits.
        expect(after, change).toBeGreaterThanOrEqual(before - 1e-7);
      }),
      lawParameters(2_000),
    );
    expect(raised).toBeGreaterThan(0);
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
