import { type Action, defaultPolicy, type NodeOwner, type NodePool, type Plan, toNanoUsd } from '@cloudoptim/core';
import { applyPlan, verifyPlan } from '@cloudoptim/scheduling';
import { buildCluster, type ClusterBuilder, createMarket, type MarketOptions } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { actionsOf, analyzeCluster, rejectionOf, removedNodes } from './analyze-cluster.js';

const gib = 2 ** 30;
const options = { emit: 'nodepools' };

function planFor(builder: ClusterBuilder, market: MarketOptions = {}): Promise<Plan> {
  return analyzeCluster(builder, { market, options });
}

/** One m5.xlarge for $0.20 with two pods of 500m: an m5.large for $0.10 would do. */
function oversized(pool: Partial<NodePool> = {}): ClusterBuilder {
  return buildCluster()
    .addNodePool({ name: 'default', ...pool })
    .addNode()
    .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 500, memoryBytes: 2 * gib, on: ['node-0', 'node-0'] });
}

/** The same beside another m5.xlarge that is full. */
function oversizedBesideFull(pool: Partial<NodePool> = {}): ClusterBuilder {
  return oversized(pool)
    .addNode()
    .addWorkload({ name: 'full', replicas: 1, cpuMillicores: 3800, on: ['node-1'] });
}

function configured(plan: Plan): Extract<Action, { kind: 'configure-nodepool' }>[] {
  return actionsOf(plan, 'configure-nodepool').filter((action) => action.kind === 'configure-nodepool');
}

describe('a plan as changes of NodePools', () => {
  test('narrows the pool, leaves the rest to Karpenter, and puts the pool back', async () => {
    const requirements = [
      { key: 'karpenter.k8s.aws/instance-category', operator: 'In', values: ['c', 'm', 'r'], minValues: 1 },
      { key: 'node.kubernetes.io/instance-type', operator: 'NotIn', values: ['m5.metal'] },
    ] as const;
    const plan = await planFor(oversized({ requirements }), { instanceTypes: ['m5.large', 'm5.xlarge'] });
    expect(plan.groups.map(({ executor, dependsOn }) => [executor, dependsOn])).toEqual([
      [undefined, []],
      ['karpenter', ['g1']],
      [undefined, ['g1', 'g2']],
    ]);
    const [narrowed, back] = configured(plan);
    const patchOf = (list: readonly object[]) => ({ spec: { template: { spec: { requirements: list } } } });
    expect(narrowed?.patch).toEqual(
      patchOf([
        requirements[0],
        { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m5.large'] },
        { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
      ]),
    );
    expect(narrowed?.prior).toEqual(patchOf(requirements));
    expect(back).toMatchObject({ patch: narrowed?.prior, prior: narrowed?.patch });
    expect(narrowed?.undo).toMatchObject({ kind: 'configure-nodepool', patch: narrowed?.prior });
    expect(narrowed?.reasons[0]).toMatchObject({ code: 'nodepool-narrowed', numbers: { drifting: 1 } });
  });

  test('promises nothing, is verified on condition, and can be applied on paper', async () => {
    const builder = oversized();
    const plan = await planFor(builder);
    expect(plan.savingsUsdPerHour.lower).toBe(0);
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.1, 9);
    const state = builder.build();
    const market = createMarket(state, {});
    const answer = verifyPlan(state, market, defaultPolicy, plan, { now: state.takenAtMs, seed: 0 });
    expect(answer.refusals).toEqual([]);
    expect(answer.verdict).toBe('conditional');
    expect(answer.unknowns.map(({ reason }) => reason.code)).toContain('karpenter-decides');
    const after = applyPlan(state, plan, { market });
    expect(after.nodes.map(({ instanceType }) => instanceType)).toEqual(['m5.large']);
    expect(after.nodePools).toEqual(state.nodePools);
  });

  test('has Karpenter replace several nodes by one: it launches for the first, and the others find room there', async () => {
    const builder = buildCluster()
      .addNodes(3, { instanceType: 'm5.large' })
      .addWorkload({ name: 'web', replicas: 3, cpuMillicores: 1200, on: ['node-0', 'node-1', 'node-2'] });
    const plan = await planFor(builder, {
      change: (offering) => (offering.instanceType === 'm5.xlarge' ? { ...offering, priceUsdPerHour: 0.15 } : offering),
      instanceTypes: ['m5.xlarge'],
    });
    expect(actionsOf(plan, 'launch-node')).toMatchObject([{ offerings: [{ instanceType: 'm5.xlarge' }] }]);
    expect(removedNodes(plan).sort()).toEqual(['node-0', 'node-1', 'node-2']);
    expect(plan.groups.filter(({ executor }) => executor === 'karpenter')).toHaveLength(3);
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.15, 9);
    const total = plan.groups.reduce((sum, { savingsUsdPerHour }) => sum + toNanoUsd(savingsUsdPerHour.point), 0n);
    expect(total).toBe(toNanoUsd(plan.savingsUsdPerHour.point));
  });

  test('leaves a node whose type stays to consolidation, where that is on', async () => {
    const plan = await planFor(oversizedBesideFull(), { instanceTypes: ['m5.large'] });
    expect(removedNodes(plan)).toEqual(['node-0']);
    const [narrowed] = configured(plan);
    expect(JSON.stringify(narrowed?.patch)).toContain('"values":["m5.large","m5.xlarge"]');
    expect(narrowed?.reasons[0]).toMatchObject({ numbers: { drifting: 0, consolidated: 1 } });
  });

  test.each([
    [{ consolidateAfterSeconds: null }, 'consolidation-off', 'consolidateAfter is Never'],
    [{ consolidationPolicy: 'WhenEmpty' }, 'consolidation-off', 'consolidationPolicy is WhenEmpty'],
  ])('says why such a node is left alone with %j', async (pool, code, words) => {
    const plan = await planFor(oversizedBesideFull(pool), { instanceTypes: ['m5.large'] });
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')).toMatchObject({ code });
    expect(rejectionOf(plan, 'node-0')?.message).toContain(words);
  });

  // Karpenter launches the cheapest type that the pool allows; images of these pods may not run on it.
  test.each([
    ['keep', []],
    ['as-scheduled', ['node-0']],
  ])(
    'has nodes replaced beside ones of another architecture with architectures %s: %j',
    async (architectures, gone) => {
      const builder = oversized().addNode({ instanceType: 'm6g.large' });
      builder.addWorkload({ name: 'full', replicas: 1, cpuMillicores: 1800, on: ['node-1'] });
      const market = { instanceTypes: ['m5.large', 'm6g.large'] };
      const plan = await analyzeCluster(builder, { market, options: { ...options, architectures } });
      expect(removedNodes(plan)).toEqual(gone);
      if (gone.length === 0) expect(rejectionOf(plan, 'node-0')?.code).toBe('other-architecture');
    },
  );

  test('does not have on-demand nodes replaced where Karpenter would launch spot', async () => {
    const builder = oversized().addNode({ capacityType: 'spot' });
    builder.addWorkload({ name: 'full', replicas: 1, cpuMillicores: 3800, on: ['node-1'] });
    const plan = await planFor(builder, { instanceTypes: ['m5.large'] });
    expect(rejectionOf(plan, 'node-0')?.code).toBe('other-capacity-type');
  });

  test('does not ask for drift where a budget forbids it', async () => {
    const plan = await planFor(oversized({ budgets: [{ nodes: '100%' }, { nodes: '0', reasons: ['Drifted'] }] }));
    expect(rejectionOf(plan, 'node-0')?.code).toBe('nodepool-budget');
  });

  test('does not narrow below the variety that the pool asks for', async () => {
    const requirements = [{ key: 'node.kubernetes.io/instance-type', operator: 'Exists', minValues: 3 }] as const;
    const plan = await planFor(oversized({ requirements }), { instanceTypes: ['m5.large'] });
    expect(plan.groups).toEqual([]);
  });

  test.each<[NodeOwner, string]>([
    [{ kind: 'managed-node-group', name: 'ng' }, 'managed-node-group ng'],
    [{ kind: 'asg' }, 'belongs to asg'],
    [{ kind: 'eks-auto', name: 'general-purpose', nodeClaim: 'c' }, "EKS Auto Mode's own"],
  ])('leaves nodes of %j alone and says why', async (owner, words) => {
    const builder = buildCluster().addNode({ owner }).addNodePool({ name: 'general-purpose' });
    builder.addWorkload({ name: 'web', replicas: 2, cpuMillicores: 500, on: ['node-0', 'node-0'] });
    const plan = await planFor(builder);
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('not-through-nodepools');
    expect(rejectionOf(plan, 'node-0')?.message).toContain(words);
  });

  test('tells Karpenter what the account pays where that is not the list price', async () => {
    const plan = await planFor(oversized(), {
      instanceTypes: ['m5.large', 'c5.large'],
      change: (offering) =>
        offering.instanceType === 'm5.large'
          ? { ...offering, listUsdPerHour: offering.priceUsdPerHour, priceUsdPerHour: 0.06 }
          : offering,
    });
    expect(plan.groups[0]?.actions).toMatchObject([
      {
        kind: 'configure-nodeoverlay',
        nodeOverlay: 'cloudoptim-price-m5-large',
        spec: {
          weight: 1,
          requirements: [
            { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m5.large'] },
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
          ],
          price: '0.06',
        },
        prior: null,
        undo: { kind: 'configure-nodeoverlay', spec: null },
      },
    ]);
    expect(plan.groups[1]?.dependsOn).toEqual(['g1']);
  });

  // Four steps were proven by themselves, where every state of them is looked at. Among the changes of two pools they are more
  // than that is done for, and the verifier refused the plan as not robust.
  test('is proven together with the changes of its pools', async () => {
    const builder = buildCluster()
      .addNodePool({ name: 'budgeted', budgets: [{ nodes: '1' }] })
      .addNodes(2)
      .addNode({ unschedulable: true })
      .addNode({ owner: { kind: 'karpenter', name: 'budgeted' } })
      .addNode()
      .addWorkload({ name: 'app-0', replicas: 2, cpuMillicores: 0, memoryBytes: 0, on: ['node-0', 'node-1'] })
      .addWorkload({
        name: 'app-1',
        replicas: 4,
        cpuMillicores: 10,
        memoryBytes: 640 * 2 ** 20,
        on: ['node-0', 'node-1', 'node-3', 'node-4'],
      });
    const plan = await planFor(builder);
    const state = builder.build();
    const market = createMarket(state, {});
    expect(removedNodes(plan).length).toBeGreaterThan(2);
    expect(verifyPlan(state, market, defaultPolicy, plan, { now: state.takenAtMs, seed: 0 }).refusals).toEqual([]);
  });

  test('says which other NodePool Karpenter tries first', async () => {
    const plan = await planFor(oversized().addNodePool({ name: 'spot', weight: 50 }));
    expect(configured(plan)[0]?.reasons[1]).toMatchObject({
      code: 'other-nodepool-first',
      message: expect.stringContaining('through spot before default'),
    });
  });

  test('says that a grace period of the pool ends drains of nodes that drift', async () => {
    const plan = await planFor(oversized({ terminationGracePeriodSeconds: 600 }));
    expect(configured(plan)[0]?.reasons.map(({ code }) => code)).toEqual([
      'nodepool-narrowed',
      'termination-grace-period',
    ]);
  });

  test('does not narrow a pool with a node of unknown type, which might drift', async () => {
    const builder = oversized().addNode({ typeKnown: false });
    builder.addWorkload({ name: 'full', replicas: 2, cpuMillicores: 1900, on: ['node-1', 'node-1'] });
    const plan = await planFor(builder, { instanceTypes: ['m5.large'] });
    expect(actionsOf(plan, 'configure-nodepool')).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('nodepool-not-narrowed');
  });

  test('changes no pool for nodes that Karpenter only has to remove', async () => {
    const builder = buildCluster().addNodes(2);
    builder.addWorkload({ name: 'web', replicas: 1, cpuMillicores: 3000, on: ['node-0'] });
    const plan = await planFor(builder, { instanceTypes: [] });
    expect(plan.groups.map(({ executor }) => executor)).toEqual(['karpenter']);
  });
});
