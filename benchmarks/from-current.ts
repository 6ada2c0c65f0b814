import { createContext, type Plan, type Policy } from '@cloudoptim/core';
import { BinpackEngine, lowerBound } from '@cloudoptim/engine-binpack';
import { boundProblem, verifyPlan } from '@cloudoptim/scheduling';
import type { Baseline } from './baselines/baseline.js';
import { drainBelowThreshold } from './baselines/drain-below-threshold.js';
import { karpenterAsScheduled, karpenterConsolidation } from './baselines/karpenter-consolidation.js';
import { noAction } from './baselines/no-action.js';
import type { PackingFixture } from './generators/packing-fixture.js';

const scope = { pendingPods: false };

/** Above so many pods the consolidation of the field takes minutes. */
const mostPodsOfBaselines = 3_000;

const baselines: readonly (readonly [name: string, baseline: Baseline])[] = [
  ['no action', noAction],
  ['drain below 50 %', drainBelowThreshold()],
  ['Karpenter consolidation', karpenterConsolidation],
  ['Karpenter, pods as scheduled', karpenterAsScheduled],
];

export interface CurrentRow extends Readonly<Record<string, string | number>> {
  readonly fixture: string;
  readonly rule: string;
  readonly nodes: number;
  readonly usdPerHour: number;
  readonly gapPercent: number;
  /** To the plan, and for it to be verified once more; 0 for rules that nobody verifies. */
  readonly planMs: number;
  readonly verifyMs: number;
  readonly verdict: string;
  readonly evictions: number;
  /** Of what the unlimited plan saves. */
  readonly ofSavingsPercent: number;
}

/** Rules of the field replace a node by one of another architecture wherever no selector of a pod forbids it. */
export const likeTheField = 'binpack, any architecture';

export const quickRule = 'binpack, quick';

/** As much as the budget that a NodePool of Karpenter has by default lets go at once. */
export const tenthRule = 'binpack, quick, a tenth of the nodes';

/**
 * A cluster that runs, as binpack leaves it and as the rules of the field do. A second plan may evict half as many pods as the
 * first, and where several architectures are for sale another one may change them, as those rules do.
 */
export async function fromCurrent(fixture: PackingFixture, log: (line: string) => void): Promise<CurrentRow[]> {
  const { name, state, market, policy } = fixture;
  const { usdPerHour: bound } = await lowerBound(boundProblem(state, market, policy, scope), scope, async () => {});
  const today = noAction(state, market).usdPerHour;
  const gapPercent = (usdPerHour: number) => rounded((usdPerHour / bound - 1) * 100, 2);
  const rows: CurrentRow[] = [];
  let full = 0;
  const planned = async (
    rule: string,
    allowed: Policy,
    options: { readonly architectures?: 'as-scheduled'; readonly effort?: 'quick' } = {},
  ) => {
    log(`binpack: ${name}: ${rule}`);
    const context = createContext({ now: state.takenAtMs, seed: 1 });
    const request = { contractVersion: 'v1' as const, policy: allowed, cluster: state, market, options };
    const start = performance.now();
    const { plan } = await new BinpackEngine().analyze(request, context);
    const done = performance.now();
    const { verdict } = verifyPlan(state, market, allowed, plan, { now: state.takenAtMs, seed: 2 });
    // At the first offering of each launch, as the rules of the field are counted.
    const usdPerHour = plan.projectedUsdPerHour.point;
    if (full === 0) full = today - usdPerHour;
    const { evictions, nodes } = countsOf(plan);
    rows.push({
      fixture: name,
      rule,
      nodes: state.nodes.length + nodes,
      usdPerHour: rounded(usdPerHour, 2),
      gapPercent: gapPercent(usdPerHour),
      planMs: Math.round(done - start),
      verifyMs: Math.round(performance.now() - done),
      verdict,
      evictions,
      ofSavingsPercent: rounded(((today - usdPerHour) / full) * 100, 1),
    });
    return evictions;
  };
  const evictions = await planned('binpack', policy);
  const half = { ...policy.maxDisruption, evictions: Math.floor(evictions / 2) };
  await planned('binpack, half of the evictions', { ...policy, maxDisruption: half });
  await planned(quickRule, policy, { effort: 'quick' });
  const tenth = { ...policy.maxDisruption, nodes: Math.ceil(state.nodes.length / 10) };
  await planned(tenthRule, { ...policy, maxDisruption: tenth }, { effort: 'quick' });
  const architectures = new Map(market.instanceTypes.map(({ name: type, architecture }) => [type, architecture]));
  if (new Set(market.offerings.map(({ instanceType }) => architectures.get(instanceType))).size > 1)
    await planned(likeTheField, policy, { architectures: 'as-scheduled' });
  if (state.pods.count > mostPodsOfBaselines) return rows;
  for (const [rule, baseline] of baselines) {
    log(`binpack: ${name}: ${rule}`);
    const start = performance.now();
    const found = baseline(state, market);
    rows.push({
      fixture: name,
      rule,
      nodes: found.nodes,
      usdPerHour: rounded(found.usdPerHour, 2),
      gapPercent: gapPercent(found.usdPerHour),
      planMs: Math.round(performance.now() - start),
      verifyMs: 0,
      verdict: found.unplaced > 0 ? `${found.unplaced} pods without a place` : '',
      evictions: found.evictions,
      ofSavingsPercent: rounded(((today - found.usdPerHour) / full) * 100, 1),
    });
  }
  return rows;
}

function countsOf({ groups }: Plan): { readonly evictions: number; readonly nodes: number } {
  let [evictions, nodes] = [0, 0];
  for (const action of groups.flatMap(({ actions }) => actions)) {
    if (action.kind === 'drain-node') for (const { count } of action.pods) evictions += count;
    if (action.kind === 'evict-pod') evictions++;
    if (action.kind === 'launch-node') nodes++;
    if (action.kind === 'terminate-node' || action.kind === 'delete-nodeclaim') nodes--;
  }
  return { evictions, nodes };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
