import type { ClusterState } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, type StateOptions, state, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, removalOf, verify } from './support/plan.js';

const web = template({ labels: { app: 'web' } });
const a = node('a');

/** Two pods on node `a`, and room for them on the roomy nodes `b` and `c`. */
function cluster(parts: StateOptions = {}): ClusterState {
  return state({
    nodes: [a, node('b'), node('c')],
    podTemplates: [web],
    workloads: [deployment('web', 0, { replicas: 4 })],
    pods: [0, 0, 1, 2].map((at) => ({ template: 0, workload: 0, node: at })),
    nodePools: [{ name: 'default', budgets: [{ nodes: '100%' }] }],
    ...parts,
  });
}

describe('verifyPlan on plans whose replays can only end alike', () => {
  it('replays the plan’s own order alone where there is room whatever happens', () => {
    const of = cluster();
    expect(verify(of, planOf(of, [removalOf(a, [drained(0, 2)])]))).toMatchObject({
      verdict: 'verified',
      robustness: 1,
      checked: { replays: 2 },
    });
  });

  it('finds a budget that is enough in the order listed and not in another one', () => {
    const of = cluster({
      podTemplates: [web, template({ labels: { app: 'other' } })],
      // The successor of the second pod is none of the budget's.
      workloads: [deployment('web', 0, { replicas: 3 }), deployment('next', 1, { replicas: 2 })],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 0, workload: 1, node: 0 },
        { template: 0, workload: 0, node: 1 },
        { template: 0, workload: 1, node: 2 },
      ],
      podDisruptionBudgets: [
        {
          namespace: 'default',
          name: 'one',
          selector: { matchLabels: { app: 'web' } },
          minAvailable: 3,
          status: { disruptionsAllowed: 1, currentHealthy: 4, desiredHealthy: 3, expectedPods: 4 },
        },
      ],
    });
    expect(codesOf(verify(of, planOf(of, [removalOf(a, [drained(0, 2)])])))).toEqual(['pod-disruption-budget']);
  });

  it('finds a quota that is enough in the order listed and not in another one', () => {
    const of = cluster({
      podTemplates: [web, template({ labels: { app: 'small' }, cpu: 100 }), template({ cpu: 900 })],
      workloads: [deployment('small', 1, { replicas: 2 }), deployment('large', 2, { replicas: 2 })],
      pods: [0, 0, 1, 2].map((at, pod) => ({ template: 0, workload: pod % 2, node: at })),
      resourceQuotas: [
        { namespace: 'default', name: 'q', hard: { 'requests.cpu': 2000 }, used: { 'requests.cpu': 2000 } },
      ],
    });
    expect(codesOf(verify(of, planOf(of, [removalOf(a, [drained(0, 2)])])))).toEqual(['quota-refuses-successor']);
  });

  it('finds an offering that is listed second and too small for a DaemonSet of its own', () => {
    const agent = template({
      cpu: 3000,
      nodeSelector: { 'node.kubernetes.io/instance-type': 'm5.xlarge' },
      tolerations: [{ operator: 'Exists' }],
    });
    const of = cluster({
      podTemplates: [web, agent],
      workloads: [deployment('web', 0, { replicas: 4 }), deployment('agent', 1, { kind: 'DaemonSet' })],
    });
    const offering = (instanceType: string) => ({
      instanceType,
      zone: 'us-east-1a',
      capacityType: 'on-demand' as const,
      priceCapUsdPerHour: 0.3,
    });
    const launch = launchOf('new', { offerings: [offering('m5.large'), offering('m5.xlarge')] });
    const plan = planOf(of, [[launch, ...removalOf(a, [drained(0, 2)])]]);
    expect(codesOf(verify(of, plan))).toContain('daemonset-does-not-fit-new-node');
  });
});
