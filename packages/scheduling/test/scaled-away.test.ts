import type { Node, PodDisruptionBudget } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, drained, planOf, policy, removalOf, verify } from './support/plan.js';

const nodes = [node('a'), node('b'), node('c')];
const workload = { kind: 'Deployment', namespace: 'default', name: 'web' };
const fourToTwo = { kind: 'scale-workload', workload, from: 4, to: 2 } as const;
const emptyA = removalOf(nodes[0] as Node, [drained(0, 2)]);

/** Four pods of one Deployment on two nodes under one budget, and a node with room for all. */
function cluster(budget: Pick<PodDisruptionBudget, 'minAvailable' | 'maxUnavailable'>, desiredHealthy: number) {
  return state({
    nodes,
    podTemplates: [template({ labels: { app: 'web' } })],
    workloads: [deployment('web', 0, { replicas: 4 })],
    pods: [0, 0, 1, 1].map((at, pod) => ({ name: `web-${pod}`, template: 0, workload: 0, node: at })),
    podDisruptionBudgets: [
      {
        ...{ namespace: 'default', name: 'web', selector: {}, ...budget },
        status: { disruptionsAllowed: 4 - desiredHealthy, currentHealthy: 4, desiredHealthy, expectedPods: 4 },
      },
    ],
  });
}

// Found by asking: a plan that scaled four replicas to the two that a budget wants, and then drained them, was accepted; the
// Eviction API would have refused every eviction until the drain's deadline.
describe('pods that a plan scales away', () => {
  it('leave their budget with nothing to grant, when it wants a number of pods', () => {
    const budgeted = cluster({ minAvailable: 2 }, 2);
    expect(codesOf(verify(budgeted, planOf(budgeted, [emptyA])))).toEqual([]);
    const plan = planOf(budgeted, [[fourToTwo], emptyA], { after: [[], [0]] });
    expect(codesOf(verify(budgeted, plan))).toEqual(['pod-disruption-budget']);
  });

  it('leave a budget as it was that spares a number or a share of the replicas', () => {
    for (const budget of [{ maxUnavailable: 1 }, { maxUnavailable: '25%' }, { minAvailable: '50%' }]) {
      const budgeted = cluster(budget, budget.minAvailable === undefined ? 3 : 2);
      const plan = planOf(budgeted, [[fourToTwo], emptyA], { after: [[], [0]] });
      expect(codesOf(verify(budgeted, plan))).toEqual([]);
    }
  });

  it('spend the budget of a drain that may come after them, though neither waits for the other', () => {
    const budgeted = cluster({ minAvailable: 2 }, 2);
    const both = planOf(budgeted, [[fourToTwo], emptyA]);
    expect(codesOf(verify(budgeted, both, policy({ maxGroupsInFlight: 2 })))).toContain('pod-disruption-budget');
  });

  it('may all go, since nobody asks a budget before scaling', () => {
    const budgeted = cluster({ minAvailable: 2 }, 2);
    expect(codesOf(verify(budgeted, planOf(budgeted, [[{ ...fourToTwo, to: 0 }]])))).toEqual([]);
  });

  it('may not be the last of cluster DNS', () => {
    const dns = state({
      nodes,
      podTemplates: [template({ labels: { 'k8s-app': 'kube-dns' } })],
      workloads: [deployment('web', 0, { replicas: 2 })],
      pods: [0, 1].map((at) => ({ name: `web-${at}`, template: 0, workload: 0, node: at })),
    });
    const to = (replicas: number) => planOf(dns, [[{ ...fourToTwo, from: 2, to: replicas }]]);
    expect(codesOf(verify(dns, to(1)))).toEqual([]);
    expect(codesOf(verify(dns, to(0)))).toEqual(['last-CNI-or-DNS-replica']);
  });
});
