import { checkEngineConformance, formatFailure, formatReport } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { BinpackEngine } from '../src/index.js';

describe('laws of the binpack engine', () => {
  test('every law of the contract holds on generated clusters, markets and policies', async () => {
    const { numRuns, seed } = lawParameters(200);
    const engine = new BinpackEngine();
    const report = await checkEngineConformance(engine, { runs: numRuns, seed, fixtures: false });
    console.log(formatReport(report));
    expect(report.failures.map((failure) => formatFailure(failure, 'new BinpackEngine()'))).toEqual([]);
    // Laws that only ever judge empty plans prove nothing.
    if (numRuns >= 100) expect(report.nonEmptyShare).toBeGreaterThanOrEqual(0.4);
  });

  // A quick plan takes other ways: with a tenth of the cases, the law of budgets found only by chance what such a plan broke.
  test.each([
    ['only empty nodes may go, and one order is tried', { consolidate: 'empty', orders: 1 }, 0.1],
    ['it is to be quick', { effort: 'quick' }, 1],
  ])('every law holds when %s', async (_, options, share) => {
    const { numRuns, seed } = lawParameters(100);
    const runs = Math.ceil(share * numRuns);
    const report = await checkEngineConformance(new BinpackEngine(), { runs, seed, options, fixtures: false });
    expect(report.failures.map((failure) => formatFailure(failure, 'new BinpackEngine()'))).toEqual([]);
  });
});
