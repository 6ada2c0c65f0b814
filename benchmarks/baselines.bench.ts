import { lowerBound } from '@cloudoptim/engine-binpack';
import { boundProblem } from '@cloudoptim/scheduling';
import type { Baseline } from './baselines/baseline.js';
import { drainBelowThreshold } from './baselines/drain-below-threshold.js';
import { karpenterAsScheduled, karpenterConsolidation } from './baselines/karpenter-consolidation.js';
import { karpenterProvisioning } from './baselines/karpenter-provisioning.js';
import { leastWaste } from './baselines/least-waste.js';
import { noAction } from './baselines/no-action.js';
import { oneTypeFirstFit } from './baselines/one-type-first-fit.js';
import type { Bench } from './bench.js';
import type { PackingFixture } from './generators/packing-fixture.js';
import { grownCluster, packingFixtures } from './generators/packing-fixtures.js';

type Rule = readonly [name: string, baseline: Baseline];

const fromNothing: readonly Rule[] = [
  ['first-fit decreasing, m6a.2xlarge', oneTypeFirstFit('m6a.2xlarge')],
  ['Karpenter provisioning', karpenterProvisioning],
  ['Cluster Autoscaler, least-waste', leastWaste()],
];
const fromToday: readonly Rule[] = [
  ['no action', noAction],
  ['drain below 50 %', drainBelowThreshold()],
  ['Karpenter consolidation', karpenterConsolidation],
  ['Karpenter, pods as scheduled', karpenterAsScheduled],
];

/** What the rules of the field come to, beside the least that is possible: the rows that binpack is measured against. */
export const run: Bench = async ({ quick, seed, log }) => {
  const all = packingFixtures({ pods: quick ? 600 : 4_000, seed, log });
  const fixtures = quick ? all.slice(0, 3) : all;
  const rows = [];
  for (const fixture of fixtures) {
    const grown = grownCluster(fixture, 'm6a.4xlarge');
    rows.push(...(await measure(fixture, fromNothing, true, log)), ...(await measure(grown, fromToday, false, log)));
  }
  const below = rows.filter(({ gapPercent, unplaced }) => unplaced === 0 && gapPercent < 0).length;
  return {
    rows,
    // A rule that places every pod for less than the bound would show that the bound is wrong.
    checks: [{ what: 'rows that place all pods below the bound', value: below, target: 0, met: below === 0 }],
  };
};

async function measure(
  { name, state, market, policy }: PackingFixture,
  rules: readonly Rule[],
  pendingPods: boolean,
  log: (line: string) => void,
) {
  const scope = { pendingPods };
  const { usdPerHour: bound } = await lowerBound(boundProblem(state, market, policy, scope), scope, async () => {});
  return rules.map(([rule, baseline]) => {
    log(`baselines: ${name}: ${rule}`);
    const start = performance.now();
    const { nodes, usdPerHour, evictions, unplaced } = baseline(state, market);
    return {
      fixture: name,
      rule,
      nodes,
      usdPerHour: Math.round(usdPerHour * 1000) / 1000,
      boundUsdPerHour: Math.round(bound * 1000) / 1000,
      gapPercent: Math.round((usdPerHour / bound - 1) * 1000) / 10,
      evictions,
      unplaced,
      ms: Math.round(performance.now() - start),
    };
  });
}
