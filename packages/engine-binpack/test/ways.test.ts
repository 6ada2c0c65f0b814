import { createContext } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';
import { expect, test } from 'vitest';
import { grownCluster, packingFixtures } from '../../../benchmarks/generators/packing-fixtures.js';
import { BinpackEngine } from '../src/index.js';

// To exchange the whole cluster at once saved most in every style of settling, and the proof refused it: nothing was left of the plan,
// and $31.10 an hour were paid where one by one leads to $2.77. What else was found goes through the proof as well.
test('where the exchange that saves most is refused, what comes next is proposed', async () => {
  const [, , constrained] = packingFixtures({ pods: 150, seed: 14, log: () => {} });
  if (constrained === undefined) throw new RangeError('The third fixture is the constrained one.');
  const { state: cluster, market, policy } = grownCluster(constrained, 'm6a.4xlarge');
  const context = createContext({ now: cluster.takenAtMs, seed: 1 });
  const request = { contractVersion: 'v1' as const, policy, cluster, market, options: {} };
  const { plan } = await new BinpackEngine().analyze(request, context);
  expect(plan.currentUsdPerHour).toBeCloseTo(31.1, 1);
  expect(plan.projectedUsdPerHour.point).toBeLessThan(3.5);
  expect(verifyPlan(cluster, market, policy, plan, { now: cluster.takenAtMs, seed: 2 }).verdict).toBe('verified');
}, 60_000);

// What drains keep of the plan was nine tenths of what was found, so nothing else was tried: $71.75 an hour were paid instead of $47.06
// where 800 pods might be evicted (quick: $70.07, $52.19), for launching everything before the first eviction keeps all of it.
test('of hundreds of nodes, what drains would lose is kept by launching first', async () => {
  const [mix] = packingFixtures({ pods: 2_000, seed: 1, log: () => {} });
  if (mix === undefined) throw new RangeError('The first fixture is the mix.');
  const { state: cluster, market, policy } = grownCluster(mix, 'm6a.4xlarge');
  const context = createContext({ now: cluster.takenAtMs, seed: 1 });
  const limited = { ...policy, maxDisruption: { ...policy.maxDisruption, evictions: 800 } };
  const request = { contractVersion: 'v1' as const, policy: limited, cluster, market, options: { effort: 'quick' } };
  const { plan } = await new BinpackEngine().analyze(request, context);
  expect(plan.currentUsdPerHour).toBeCloseTo(280.63, 2);
  expect(plan.projectedUsdPerHour.point).toBeLessThan(60);
  expect(verifyPlan(cluster, market, limited, plan, { now: cluster.takenAtMs, seed: 2 }).verdict).toBe('verified');
}, 60_000);
