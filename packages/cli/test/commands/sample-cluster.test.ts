import { type Action, createPriceBook, defaultPolicy, type Plan } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';
import { fromKubernetes, readDump } from '@cloudoptim/snapshot';
import { describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../../src/document/analysis-document.js';
import { marketFromCatalog, marketRequest } from '../../src/market/market-from-catalog.js';
import { run } from '../../src/run.js';
import { knownPlan } from '../support/known-plan.js';
import { memoryIo } from '../support/memory-io.js';
import { sampleCluster, sampleNodes } from '../support/sample-cluster.js';

const { state, report } = await fromKubernetes(readDump(sampleCluster()));
const market = marketFromCatalog(marketRequest(state));
const knownSavings = sampleNodes.reduce((sum, { savesUsdPerHour = 0 }) => sum + savesUsdPerHour, 0);

/** Nodes that a plan drains, deletes or otherwise touches, by name. */
function touched(plan: Plan): string[] {
  const names = new Map(state.nodes.map(({ uid, name }) => [uid, name]));
  const uidOf = (action: Action) => ('node' in action && 'uid' in action.node ? [action.node.uid] : []);
  return [...new Set(plan.groups.flatMap(({ actions }) => actions.flatMap(uidOf)))].map((uid) => names.get(uid) ?? uid);
}

describe('the sample cluster', () => {
  it('converts without a finding, with every kind listed', () => {
    expect(report.findings).toEqual([]);
    expect([report.ignored, report.withoutKind, report.malformed]).toEqual([[], 0, 0]);
    // What Kubernetes does not tell: how kube-scheduler is set up.
    expect(state.coverage.filter((entry) => entry.state !== 'listed')).toEqual([
      { kind: 'SchedulerConfiguration', state: 'absent' },
    ]);
    expect(state.workloads.filter(({ successorTemplate }) => successorTemplate < 0)).toEqual([]);
  });

  it('has the nodes and prices that its table says', () => {
    const prices = createPriceBook(market);
    for (const { name, usdPerHour } of sampleNodes) {
      const node = state.nodes.find((one) => one.name === name);
      expect([name, node && (prices.nodeUsdPerHour(node) ?? null)]).toEqual([name, usdPerHour]);
    }
    expect(state.nodes).toHaveLength(sampleNodes.length);
    expect(knownSavings).toBeCloseTo(2.7952, 10);
  });

  it('can lose the nodes that must go: the plan known by construction is verified, whatever the scheduler chooses', async () => {
    const goes = sampleNodes.filter(({ role }) => role === 'goes').map(({ name }) => name);
    const plan = await knownPlan(state, market, goes);
    const verification = verifyPlan(state, market, defaultPolicy, plan, { now: state.takenAtMs, seed: 0 });
    expect(verification).toMatchObject({ verdict: 'verified', refusals: [], unknowns: [], robustness: 1 });
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(2.0392, 10);
  });

  it('gets a verified plan that reaches nine tenths of what is known to be there and touches no node that must stay', async () => {
    const io = memoryIo();
    expect(await run(['analyze', '--snapshot', sampleCluster(), '--output', 'json'], io)).toBe(0);
    const { plan, verification }: AnalysisDocument = JSON.parse(io.out());
    expect(verification.verdict).toBe('verified');
    expect(plan.savingsUsdPerHour.point).toBeGreaterThanOrEqual(0.9 * knownSavings);
    const stays = new Set(sampleNodes.filter(({ role }) => role === 'stays').map(({ name }) => name));
    expect(touched(plan).filter((name) => stays.has(name))).toEqual([]);
  });
});
