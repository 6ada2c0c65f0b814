import { describe, expect, it } from 'vitest';
import { convert, stateOf } from './support/convert.js';
import { container, deployment, node, pod, someTimeMs } from './support/objects.js';

describe('a node', () => {
  it('is described by what Kubernetes says of it', async () => {
    const state = await stateOf(
      node('n', {
        labels: { 'kubernetes.io/arch': 'arm64' },
        annotations: { 'karpenter.sh/do-not-disrupt': 'true', other: 'dropped' },
        spec: {
          providerID: 'aws:///eu-west-1b/i-0abc',
          unschedulable: true,
          taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }],
        },
        status: {
          allocatable: {
            cpu: '3920m',
            memory: '15360Ki',
            'ephemeral-storage': '1e3',
            pods: '58',
            'nvidia.com/gpu': '1',
            'hugepages-2Mi': '0',
          },
          conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-03-01T10:05:00Z' }],
          declaredFeatures: ['b', 'a'],
        },
      }),
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSINode',
        metadata: { name: 'n' },
        spec: { drivers: [{ name: 'ebs.csi.aws.com', nodeID: 'x', allocatable: { count: 25 } }, { name: 'a.csi' }] },
      },
    );
    expect(state.nodes).toEqual([
      {
        uid: 'uid-n',
        name: 'n',
        createdAtMs: someTimeMs,
        labels: { 'kubernetes.io/arch': 'arm64', 'kubernetes.io/hostname': 'n' },
        annotations: { 'karpenter.sh/do-not-disrupt': 'true' },
        taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }],
        unschedulable: true,
        ready: true,
        readySinceMs: someTimeMs + 300_000,
        allocatable: {
          cpuMillicores: 3920,
          memoryBytes: 15360 * 1024,
          ephemeralStorageBytes: 1000,
          extended: { 'nvidia.com/gpu': 1 },
          pods: 58,
        },
        providerId: 'aws:///eu-west-1b/i-0abc',
        zone: 'eu-west-1b',
        region: 'eu-west-1',
        owner: { kind: 'unknown' },
        autoscaler: 'unknown',
        csiDrivers: [{ name: 'a.csi' }, { name: 'ebs.csi.aws.com', allocatableCount: 25 }],
        declaredFeatures: ['a', 'b'],
      },
    ]);
  });

  it.each([
    [{ 'karpenter.sh/capacity-type': 'reserved' }, 'reserved'],
    [{ 'eks.amazonaws.com/capacityType': 'SPOT' }, 'spot'],
    [{ 'eks.amazonaws.com/capacityType': 'ON_DEMAND' }, 'on-demand'],
    [{ 'eks.amazonaws.com/capacityType': 'CAPACITY_BLOCK' }, 'reserved'],
    [{ lifecycle: 'Ec2Spot' }, 'spot'],
    [{ 'node-lifecycle': 'on-demand' }, 'on-demand'],
    [{ 'spotinst.io/node-lifecycle': 'od' }, 'on-demand'],
    [{ 'scheduling.cast.ai/spot': 'true' }, 'spot'],
    [{ 'karpenter.sh/capacity-type': 'constructor' }, undefined],
    [{ 'node.kubernetes.io/instance-type': 'm5.large' }, undefined],
  ])('with labels %j has capacity type %s', async (labels, expected) => {
    const [first] = (await stateOf(node('n', { labels: labels as Record<string, string> }))).nodes;
    expect(first?.capacityType).toBe(expected);
  });

  it('falls back to the old labels, and to the region given', async () => {
    const { state } = await convert(
      [
        node('a', {
          labels: { 'beta.kubernetes.io/instance-type': 'm5.large', 'failure-domain.beta.kubernetes.io/zone': 'z' },
        }),
        node('b', { labels: { 'topology.kubernetes.io/region': 'us-east-1' } }),
      ],
      { region: 'eu-north-1' },
    );
    expect(state.nodes.map(({ instanceType, zone, region }) => ({ instanceType, zone, region }))).toEqual([
      { instanceType: 'm5.large', zone: 'z', region: 'eu-north-1' },
      { instanceType: undefined, zone: undefined, region: 'us-east-1' },
    ]);
  });

  it('does not take a local zone for an availability zone of the region', async () => {
    const [first] = (await stateOf(node('n', { spec: { providerID: 'aws:///us-west-2-lax-1a/i-0abc' } }))).nodes;
    expect([first?.zone, first?.region]).toEqual(['us-west-2-lax-1a', undefined]);
  });

  it.each([
    [{ 'karpenter.sh/nodepool': 'general' }, { kind: 'karpenter', name: 'general' }],
    [
      { 'eks.amazonaws.com/compute-type': 'auto', 'karpenter.sh/nodepool': 'system' },
      { kind: 'eks-auto', name: 'system' },
    ],
    [
      { 'eks.amazonaws.com/nodegroup': 'ng-1', 'alpha.eksctl.io/nodegroup-name': 'ng-1' },
      { kind: 'managed-node-group', name: 'ng-1' },
    ],
    [{ 'alpha.eksctl.io/nodegroup-name': 'ng-1' }, { kind: 'asg' }],
    [{ 'kops.k8s.io/instancegroup': 'nodes' }, { kind: 'asg' }],
    [{ 'eks.amazonaws.com/compute-type': 'hybrid' }, { kind: 'self-managed' }],
    [{ 'eks.amazonaws.com/compute-type': 'fargate' }, { kind: 'unknown' }],
    [{}, { kind: 'unknown' }],
  ])('with labels %j is owned by %j', async (labels, expected) => {
    const [first] = (await stateOf(node('n', { labels: labels as Record<string, string> }))).nodes;
    expect(first?.owner).toEqual(expected);
  });

  it('knows its NodeClaim by the owner reference or by the claim itself', async () => {
    const owned = node('a', { labels: { 'karpenter.sh/nodepool': 'p' } });
    owned.metadata = {
      ...owned.metadata,
      ownerReferences: [{ apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', name: 'p-x', uid: 'u' }],
    };
    const state = await stateOf(owned, node('b', { labels: { 'karpenter.sh/nodepool': 'p' } }), {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodeClaim',
      metadata: { name: 'p-y' },
      status: { nodeName: 'b' },
    });
    expect(state.nodes.map((one) => one.owner.nodeClaim)).toEqual(['p-x', 'p-y']);
  });

  it('lists managed node groups without inventing their limits', async () => {
    const state = await stateOf(
      node('a', { labels: { 'eks.amazonaws.com/nodegroup': 'ng' } }),
      node('b', { labels: { 'eks.amazonaws.com/nodegroup': 'ng' } }),
    );
    expect(state.nodeGroups).toEqual([{ kind: 'managed-node-group', name: 'ng' }]);
  });

  it('drops labels that follow from others, unless something selects by them', async () => {
    const labels = {
      'karpenter.k8s.aws/instance-cpu': '8',
      'karpenter.k8s.aws/instance-family': 'm6i',
      'example.com/team': 'a',
    };
    const state = await stateOf(
      node('n', { labels }),
      pod('a', { spec: { nodeSelector: { 'karpenter.k8s.aws/instance-family': 'm6i' } } }),
    );
    expect(Object.keys(state.nodes[0]?.labels ?? {})).toEqual(
      expect.arrayContaining(['example.com/team', 'karpenter.k8s.aws/instance-family']),
    );
    expect(state.nodes[0]?.labels).not.toHaveProperty(['karpenter.k8s.aws/instance-cpu']);
  });
});

describe('the autoscaler in charge', () => {
  const autoscaler = deployment('ca', {
    podSpec: {
      containers: [container('ca', '1', '1Gi', { image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0' })],
    },
  });
  const group = node('n', { labels: { 'eks.amazonaws.com/nodegroup': 'ng' } });
  const listed = { listed: ['Deployment', 'Pod'] };

  it('is Cluster Autoscaler where its Deployment runs', async () => {
    expect((await convert([group, autoscaler])).state.nodes[0]?.autoscaler).toBe('cluster-autoscaler');
  });

  it('is none only when all Deployments and pods were listed', async () => {
    expect((await convert([group])).state.nodes[0]?.autoscaler).toBe('unknown');
    expect((await convert([group], listed)).state.nodes[0]?.autoscaler).toBe('none');
  });

  it('is unknown where a foreign one runs', async () => {
    const foreign = pod('spot', {
      spec: { containers: [container('c', '1', '1Gi', { image: 'us-docker.pkg.dev/castai/cluster-controller:1' })] },
    });
    expect((await convert([group, foreign], listed)).state.nodes[0]?.autoscaler).toBe('unknown');
  });

  it('is Karpenter for its own nodes whatever else runs', async () => {
    const { state } = await convert([node('k', { labels: { 'karpenter.sh/nodepool': 'p' } }), autoscaler]);
    expect(state.nodes[0]?.autoscaler).toBe('karpenter');
  });
});
