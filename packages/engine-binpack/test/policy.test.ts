import { buildCluster } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { actionsOf, analyzeCluster, rejectionOf, removedNodes } from './analyze-cluster.js';

/** Four nodes with one pod of 500m each: three go, one eviction each. */
const fourNodes = () =>
  buildCluster()
    .addNodes(4)
    .addWorkload({ name: 'web', replicas: 4, cpuMillicores: 500, on: ['node-0', 'node-1', 'node-2', 'node-3'] });

describe('policy', () => {
  test('without limits three of four nodes go', async () => {
    expect(removedNodes(await analyzeCluster(fourNodes()))).toHaveLength(3);
  });

  test.each([
    ['evictions', { evictions: 1 }],
    ['nodes', { nodes: 1 }],
  ])('maxDisruption.%s ends the plan, and the others hear of it', async (_, maxDisruption) => {
    const plan = await analyzeCluster(fourNodes(), { policy: { maxDisruption } });
    expect(removedNodes(plan)).toHaveLength(1);
    expect(plan.rejections.map(({ reason }) => reason.code)).toEqual(['max-disruption']);
  });

  test('headroom keeps the nodes that it needs', async () => {
    // One m5.xlarge with 2,000m of 3,900m used leaves 49 % free; two leave 74 %.
    const plan = await analyzeCluster(fourNodes(), { policy: { headroom: { cpuShare: 0.6 } } });
    expect(removedNodes(plan)).toHaveLength(2);
    expect(plan.rejections.map(({ reason }) => reason.code)).toEqual(['headroom']);
  });

  test('minSavings of the plan: below it nothing happens', async () => {
    const plan = await analyzeCluster(fourNodes(), { policy: { minSavings: { usdPerHour: 0.7 } } });
    expect(plan.groups).toEqual([]);
    expect(plan.rejections.some(({ reason }) => reason.code === 'min-savings')).toBe(true);
  });

  test('minSavings for an eviction: a node with too many pods for its price stays', async () => {
    const plan = await analyzeCluster(fourNodes(), { policy: { minSavings: { usdPerHourPerEviction: 0.3 } } });
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')).toMatchObject({ code: 'min-savings' });
  });

  test('a NodePool budget holds for each group, and groups run one after the other', async () => {
    const builder = fourNodes().addNodePool({ name: 'default', budgets: [{ nodes: '1' }] });
    expect(removedNodes(await analyzeCluster(builder))).toHaveLength(3);
    const none = fourNodes().addNodePool({ name: 'default', budgets: [{ nodes: '0' }] });
    const plan = await analyzeCluster(none);
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-3')?.code).toBe('nodepool-budget');
  });

  test('a PodDisruptionBudget that grants nothing keeps the node', async () => {
    const plan = await analyzeCluster(
      fourNodes().addBudget({ name: 'web', selector: { matchLabels: { app: 'web' } }, maxUnavailable: 0 }),
    );
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('pod-disruption-budget');
  });

  test('onDemandFloor: pods do not end up on spot beyond it', async () => {
    const builder = () =>
      buildCluster()
        .addNode({ capacityType: 'on-demand' })
        .addNode({ capacityType: 'spot', instanceType: 'm5.2xlarge' })
        .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 3000, on: ['node-0', 'node-1'] });
    // 3,000m more fit on the spot node (7,900m), none on the on-demand one: without a floor node-0 goes.
    expect(removedNodes(await analyzeCluster(builder()))).toEqual(['node-0']);
    const plan = await analyzeCluster(builder(), { policy: { onDemandFloor: 0.5 } });
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('on-demand-floor');
  });

  test('options.minScore is Karpenter’s Balanced threshold', async () => {
    const builder = () =>
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'many', replicas: 9, on: Array.from({ length: 9 }, () => 'node-0') })
        .addWorkload({ name: 'few', replicas: 3, cpuMillicores: 1200, on: ['node-1', 'node-1', 'node-1'] });
    // node-0: half the cost for 10 of 14 units of disruption scores 0.7; node-1 would score 1.75, but fits nowhere.
    expect(removedNodes(await analyzeCluster(builder(), { options: { minScore: 3 } }))).toEqual([]);
  });

  test('options.consolidate empty removes only empty nodes', async () => {
    const builder = fourNodes().addNode();
    const plan = await analyzeCluster(builder, { options: { consolidate: 'empty' }, market: {} });
    expect(removedNodes(plan)).toEqual(['node-4']);
    expect(actionsOf(plan, 'launch-node', 'drain-node')).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('not-empty');
  });

  test('at the work limit the plan holds what was found and says that it was cut short', async () => {
    const plan = await analyzeCluster(fourNodes(), { workLimit: 2 });
    expect(plan.truncated).toBe(true);
    expect(plan.rejections.some(({ reason }) => reason.code === 'work-limit')).toBe(true);
  });
});
