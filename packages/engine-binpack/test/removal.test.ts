import { buildCluster } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { actionsOf, analyzeCluster, rejectionOf, removedNodes } from './analyze-cluster.js';

/** Three nodes, one pod of 500m each: two nodes too many. */
const threeNodes = () =>
  buildCluster()
    .addNodes(3)
    .addWorkload({ name: 'web', replicas: 3, cpuMillicores: 500, on: ['node-0', 'node-1', 'node-2'] });

describe('removal', () => {
  test('an empty node goes without a drain', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 500, on: ['node-0', 'node-0'] }),
    );
    expect(plan.groups.map(({ actions }) => actions.map(({ kind }) => kind))).toEqual([
      ['cordon-node', 'delete-nodeclaim'],
    ]);
    expect(removedNodes(plan)).toEqual(['node-1']);
    expect(plan.groups[0]?.actions[0]?.reasons[0]).toMatchObject({ code: 'empty', numbers: { savedUsdPerHour: 0.2 } });
  });

  test('a node that only runs DaemonSet pods is empty', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'agent', kind: 'DaemonSet' })
        .addWorkload({ name: 'web', replicas: 2, on: ['node-0', 'node-0'] }),
    );
    expect(removedNodes(plan)).toEqual(['node-1']);
    expect(actionsOf(plan, 'drain-node')).toEqual([]);
  });

  test('a node that a pending pod is about to use is not empty', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'full', replicas: 2, cpuMillicores: 1900, on: ['node-0', 'node-0'] })
        .addWorkload({ name: 'waiting', replicas: 2, cpuMillicores: 1000 }),
    );
    expect(removedNodes(plan)).toEqual([]);
  });

  // On a real control plane the removal of such a node ended two pods of a StatefulSet: a pod that waited could preempt them from then on.
  test('an empty node stays where a waiting pod would preempt others once it is gone', async () => {
    const spreading = (priority: number) =>
      analyzeCluster(
        buildCluster()
          .addNode({ instanceType: 'm5.2xlarge' })
          .addNode({ instanceType: 'm5.large' })
          .addWorkload({ name: 'web', replicas: 1, cpuMillicores: 4500, on: ['node-0'] })
          .addWorkload({
            name: 'spread',
            replicas: 2,
            cpuMillicores: 2500,
            on: ['node-0'],
            template: {
              priority,
              topologySpread: [
                {
                  maxSkew: 1,
                  topologyKey: 'kubernetes.io/hostname',
                  whenUnsatisfiable: 'DoNotSchedule',
                  labelSelector: { matchLabels: { app: 'spread' } },
                },
              ],
            },
          }),
      );
    expect(removedNodes(await spreading(0))).toEqual(['node-1']);
    const plan = await spreading(10);
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-1')?.code).toBe('preemption');
  });

  test('under-used nodes are drained onto those that stay, and the drain says where its pods are expected', async () => {
    const plan = await analyzeCluster(threeNodes());
    expect(removedNodes(plan)).toHaveLength(2);
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.4, 9);
    for (const drain of actionsOf(plan, 'drain-node')) {
      expect(drain).toMatchObject({ pods: [{ count: 1, expected: [{ count: 1 }] }] });
    }
  });

  test('a node that holds what fits nowhere else stays, and the rejection names the pod and counts the nodes', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addNode({ taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] })
        .addWorkload({ name: 'big', replicas: 2, cpuMillicores: 3000, on: ['node-0', 'node-1'] })
        .addWorkload({
          name: 'batch',
          replicas: 2,
          cpuMillicores: 1500,
          on: ['node-2', 'node-2'],
          template: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
        }),
    );
    expect(removedNodes(plan)).toEqual([]);
    const rejection = rejectionOf(plan, 'node-0');
    expect(rejection?.code).toBe('no-room');
    expect(rejection?.message).toContain('Pod default/big-0 fits on none of the 2 other nodes that stay');
    expect(rejection?.message).toContain('1 Insufficient cpu');
    expect(rejection?.message).toContain('untolerated taint');
  });

  test('nodes of a managed node group are terminated through their group', async () => {
    const owner = { kind: 'managed-node-group', name: 'workers' } as const;
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2, { owner })
        .addNodeGroup({ kind: 'managed-node-group', name: 'workers', minSize: 1, maxSize: 3, desiredSize: 2 })
        .addWorkload({ name: 'web', replicas: 2, on: ['node-0', 'node-1'] }),
      { market: {} },
    );
    expect(actionsOf(plan, 'terminate-node')).toMatchObject([{ via: owner }]);
    expect(actionsOf(plan, 'launch-node')).toEqual([]);
  });

  test('nodes whose price is not known stay, since nobody knows what they would save', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNode({ typeKnown: false })
        .addNode()
        .addWorkload({ name: 'web', replicas: 2, on: ['node-1', 'node-1'] }),
    );
    expect(rejectionOf(plan, 'node-0')?.code).toBe('unpriced-node');
    // The priced one goes: its pods fit on the other, whatever that costs.
    expect(removedNodes(plan)).toEqual(['node-1']);
  });

  test('a node that costs nothing stays', async () => {
    const plan = await analyzeCluster(threeNodes(), {
      market: { instanceTypes: [], change: (offering) => ({ ...offering, priceUsdPerHour: 0 }) },
    });
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('saves-nothing');
  });

  test('a node that has just been launched is left alone for a while', async () => {
    const takenAtMs = Date.UTC(2026, 0, 14, 10);
    const young = () =>
      buildCluster({ takenAtMs })
        .addNode()
        .addNode({ createdAtMs: takenAtMs - 599_000 })
        .addWorkload({ name: 'web', replicas: 2, on: ['node-0', 'node-0'] });
    const plan = await analyzeCluster(young());
    expect(rejectionOf(plan, 'node-1')?.code).toBe('too-young');
    expect(removedNodes(await analyzeCluster(young(), { options: { minNodeAgeSeconds: 60 } }))).toEqual(['node-1']);
  });

  test('a cluster without nodes has an empty plan', async () => {
    const plan = await analyzeCluster(buildCluster());
    expect(plan).toMatchObject({ groups: [], rejections: [], currentUsdPerHour: 0 });
  });
});
