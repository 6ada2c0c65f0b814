import { buildCluster, type MarketOptions } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { actionsOf, analyzeCluster, rejectionOf, removedNodes } from './analyze-cluster.js';

/** What the nearest comparable tool was found not to see in its source; each row is a way to break a cluster or miss a saving. */
describe('where a consolidator that looks at requests and taints alone goes wrong', () => {
  const gib = 2 ** 30;
  const app = (name: string) => ({ matchLabels: { app: name } });
  const smallOnly: MarketOptions = { instanceTypes: ['m5.large'] };

  test('host ports: two pods that want one port of their node stay on two nodes', async () => {
    const hostPorts = [{ hostIp: '0.0.0.0', protocol: 'TCP' as const, port: 8080 }];
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'proxy', replicas: 2, on: ['node-0', 'node-1'], template: { hostPorts } }),
    );
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.message).toContain("didn't have free ports for the requested pod ports");
  });

  test('host ports: one port at two addresses is no conflict', async () => {
    const at = (hostIp: string) => ({ hostPorts: [{ hostIp, protocol: 'TCP' as const, port: 8080 }] });
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'left', on: ['node-0'], template: at('10.0.0.1') })
        .addWorkload({ name: 'right', on: ['node-1'], template: at('10.0.0.2') }),
      { policy: { pins: { singleReplica: false } } },
    );
    expect(removedNodes(plan)).toHaveLength(1);
  });

  test('init containers, sidecars and pod overhead: what the pod needs decides, not the sum of its main containers', async () => {
    // A main container of 100m behind an init container of 3,000m: the scheduler wants 3,000m free.
    const needs = { cpuMillicores: 3000, memoryBytes: gib };
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'warm', replicas: 2, on: ['node-0', 'node-1'], template: { needs } }),
    );
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-1')?.message).toContain('Insufficient cpu');
  });

  test('zones of volumes: a pod whose volume is in another zone does not move', async () => {
    const withData = (zone: string, claim: string) => ({ claim, zone });
    const plan = await analyzeCluster(
      buildCluster()
        .addNode({ zone: 'us-east-1a' })
        .addNode({ zone: 'us-east-1b' })
        .addVolume(withData('us-east-1a', 'data-db-0'))
        .addVolume(withData('us-east-1b', 'data-db-1'))
        .addWorkload({
          name: 'db',
          kind: 'StatefulSet',
          replicas: 2,
          on: ['node-0', 'node-1'],
          extra: { claims: ['data-$pod'] },
          workload: { claimTemplates: ['data'] },
        }),
    );
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('no-room');
  });

  test('positive affinity across workloads: a pod goes only where the other workload runs', async () => {
    const podAffinity = { required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: app('cache') }] };
    const annotations = { 'karpenter.sh/do-not-disrupt': 'true' };
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(3)
        .addWorkload({
          name: 'cache',
          replicas: 3,
          cpuMillicores: 1200,
          on: ['node-0', 'node-0', 'node-0'],
          template: { annotations },
        })
        .addWorkload({
          name: 'web',
          replicas: 2,
          cpuMillicores: 400,
          on: ['node-1', 'node-1'],
          template: { podAffinity },
        })
        .addWorkload({ name: 'batch', replicas: 2, on: ['node-2', 'node-2'], template: { annotations } }),
    );
    // node-0 has the cache and no room, node-2 has room and no cache.
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-1')?.message).toContain("1 node(s) didn't match pod affinity rules");
    expect(rejectionOf(plan, 'node-1')?.message).toContain('1 Insufficient cpu');
  });

  test('inverse anti-affinity: the pods already there may refuse the newcomer', async () => {
    const podAntiAffinity = { required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: app('noisy') }] };
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(2)
        .addWorkload({ name: 'quiet', replicas: 2, on: ['node-0', 'node-0'], template: { podAntiAffinity } })
        .addWorkload({ name: 'noisy', replicas: 2, on: ['node-1', 'node-1'] }),
    );
    expect(removedNodes(plan)).toEqual([]);
    expect(rejectionOf(plan, 'node-1')?.message).toContain('anti-affinity');
  });

  test('topology spread of another workload’s pods: an emptied zone would break it', async () => {
    const topologySpread = [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule' as const,
        labelSelector: app('web'),
      },
    ];
    const plan = await analyzeCluster(
      buildCluster()
        .addNode({ zone: 'us-east-1a' })
        .addNode({ zone: 'us-east-1b' })
        .addWorkload({
          name: 'web',
          replicas: 4,
          on: ['node-0', 'node-0', 'node-1', 'node-1'],
          template: { topologySpread },
        }),
    );
    expect(removedNodes(plan)).toEqual([]);
  });

  test.each(['true', '30m'])('karpenter.sh/do-not-disrupt: "%s" on a pod keeps its node', async (value) => {
    const annotations = { 'karpenter.sh/do-not-disrupt': value };
    const now = Date.UTC(2026, 0, 14, 10);
    const plan = await analyzeCluster(
      buildCluster({ takenAtMs: now })
        .addNodes(2)
        .addWorkload({ name: 'web', replicas: 2, on: ['node-0', 'node-1'] })
        .addWorkload({
          name: 'job',
          replicas: 2,
          on: ['node-1', 'node-1'],
          template: { annotations },
          podsCreatedAtMs: now - 60_000,
        }),
    );
    expect(removedNodes(plan)).toEqual(['node-0']);
    expect(rejectionOf(plan, 'node-1')?.code).toBe('do-not-disrupt');
  });

  test('a replacement is launched before anything is drained, and the plan names what it may cost', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNode({ instanceType: 'm5.xlarge' })
        .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 500, on: ['node-0', 'node-0'] }),
      { market: smallOnly },
    );
    expect(plan.groups.map(({ actions }) => actions.map(({ kind }) => kind))).toEqual([
      ['launch-node', 'cordon-node', 'drain-node', 'delete-nodeclaim'],
    ]);
    const [launch] = actionsOf(plan, 'launch-node');
    expect(launch).toMatchObject({ offerings: [{ instanceType: 'm5.large', priceCapUsdPerHour: 0.1 }] });
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.1, 9);
  });
});
