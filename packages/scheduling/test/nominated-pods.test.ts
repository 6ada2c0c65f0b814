import type { ClusterState, PodExtra } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, state, template } from './support/build.js';
import { planOf, removalOf, verify } from './support/plan.js';

// Seen twice on real clusters: a pod waited that kube-scheduler had nominated to a node which was empty by then. It came there before the
// plan did and went with the node, and nobody had asked for a place for it. The plan had been accepted.
function clusterOf(extra: PodExtra, at = -1): ClusterState {
  return state({
    nodes: [node('a'), node('b')],
    podTemplates: [template()],
    workloads: [deployment('web', 0, { replicas: 1 })],
    pods: [{ name: 'web-1', template: 0, workload: 0, node: at, extra }],
  });
}

function refusals(cluster: ClusterState, at: number) {
  return verify(cluster, planOf(cluster, [removalOf(cluster.nodes[at] as ClusterState['nodes'][number])])).refusals;
}

const codes = (cluster: ClusterState, at: number) => refusals(cluster, at).map(({ reason }) => reason.code);

describe('a node to which a pod is nominated that waits', () => {
  it('stays although it is empty, and the refusal names both', () => {
    const found = refusals(clusterOf({ nominatedNode: 'a' }), 0).filter(
      ({ reason }) => reason.code === 'nominated-pod',
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.subject).toMatchObject({ kind: 'node', name: 'a' });
    expect(found[0]?.reason.message).toContain('default/web-1');
  });

  it('tells how many such pods there are', () => {
    const cluster = state({
      nodes: [node('a'), node('b')],
      podTemplates: [template()],
      workloads: [deployment('web', 0, { replicas: 2 })],
      pods: ['web-1', 'web-2'].map((name) => ({
        ...{ name, template: 0, workload: 0, node: -1, extra: { nominatedNode: 'a' } },
      })),
    });
    expect(refusals(cluster, 0).map(({ reason }) => reason.numbers)).toContainEqual({ pods: 2 });
  });

  it('is no reason for other nodes to stay', () => {
    expect(codes(clusterOf({ nominatedNode: 'b' }), 0)).not.toContain('nominated-pod');
    expect(codes(clusterOf({}), 0)).not.toContain('nominated-pod');
  });

  it('may go where the pod does not come any more', () => {
    for (const gone of [{ deletionAtMs: 1 }, { phase: 'Failed' as const }])
      expect(codes(clusterOf({ nominatedNode: 'a', ...gone }), 0)).not.toContain('nominated-pod');
    // One that is bound came where it is.
    expect(codes(clusterOf({ nominatedNode: 'a' }, 1), 0)).not.toContain('nominated-pod');
  });
});
