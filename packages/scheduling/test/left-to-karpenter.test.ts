import type { NodeOwner, Plan } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, state, template } from './support/build.js';
import { drained, planOf, removalOf, verify } from './support/plan.js';

const karpenter: NodeOwner = { kind: 'karpenter', name: 'general', nodeClaim: 'general-1' };

function clusterOf(owner: NodeOwner) {
  return state({
    nodes: [node('stays'), { ...node('goes'), owner }],
    nodePools: [{ name: 'general', budgets: [{ nodes: '100%' }] }],
    podTemplates: [template({ labels: { app: 'web' } })],
    workloads: [deployment('web', 0, { replicas: 2 })],
    pods: [
      { name: 'web-1', template: 0, workload: 0, node: 1 },
      { name: 'web-2', template: 0, workload: 0, node: 0 },
    ],
  });
}

/** The removal of node `goes`, carried out by Karpenter. */
function verdictOn(owner: NodeOwner) {
  const cluster = clusterOf(owner);
  const [stays, goes] = cluster.nodes;
  if (stays === undefined || goes === undefined) throw new Error('the cluster has two nodes');
  const plan: Plan = planOf(cluster, [removalOf(goes, [drained(0, 1, stays)])]);
  return verify(cluster, {
    ...plan,
    groups: plan.groups.map((group) => ({ ...group, executor: 'karpenter' as const })),
  });
}

describe('a group that is left to Karpenter', () => {
  it('is verified as any other, on the condition that Karpenter acts', () => {
    const { verdict, refusals, unknowns } = verdictOn(karpenter);
    expect(refusals).toEqual([]);
    expect(verdict).toBe('conditional');
    expect(unknowns).toMatchObject([
      {
        reason: { code: 'karpenter-decides', numbers: { groups: 1 } },
        remedy: "kubectl get nodeclaims -l 'karpenter.sh/nodepool in (general)' --watch",
      },
    ]);
  });

  it('is refused where the node is another owner’s', () => {
    const { refusals } = verdictOn({ kind: 'managed-node-group', name: 'ng' });
    expect(refusals.map(({ reason }) => reason.code)).toContain('not-karpenters-to-do');
  });
});
