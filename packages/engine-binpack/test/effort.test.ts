import { createContext } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';
import { expect, test } from 'vitest';
import { grownCluster, packingFixtures } from '../../../benchmarks/generators/packing-fixtures.js';
import { BinpackEngine } from '../src/index.js';

test('a quick plan costs little more, takes a fraction of the work, and is verified by others all the same', async () => {
  const [, lognormal] = packingFixtures({ pods: 150, seed: 2, log: () => {} });
  if (lognormal === undefined) throw new RangeError('The second fixture is the lognormal one.');
  const { state: cluster, market, policy } = grownCluster(lognormal, 'm6a.4xlarge');
  const planned = async (effort: 'quick' | 'full') => {
    const context = createContext({ now: cluster.takenAtMs, seed: 1 });
    const request = { contractVersion: 'v1' as const, policy, cluster, market, options: { effort, lowerBound: false } };
    const { plan } = await new BinpackEngine().analyze(request, context);
    return { plan, usdPerHour: plan.projectedUsdPerHour.point, units: context.spentUnits };
  };
  const [quick, full] = [await planned('quick'), await planned('full')];
  expect(full.usdPerHour).toBeLessThanOrEqual(quick.usdPerHour);
  expect(quick.usdPerHour).toBeLessThan(1.2 * full.usdPerHour);
  expect(quick.units).toBeLessThan(0.5 * full.units);
  for (let seed = 2; seed < 12; seed++)
    expect(verifyPlan(cluster, market, policy, quick.plan, { now: cluster.takenAtMs, seed }).verdict).toBe('verified');
}, 60_000);
