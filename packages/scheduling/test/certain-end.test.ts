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

  it('asks for the largest of the pods that differ in size alone', () => {
    // A small pod on `c` leaves too little there for the large one, which fits nowhere else.
    const of = cluster({
      nodes: [a, node('b', { cpu: 1 }), node('c', { cpu: 3.1 })],
      podTemplates: [template({ cpu: 3000 }), template({ cpu: 200 })],
      workloads: [deployment('large', 0, { replicas: 2 }), deployment('small', 1, { replicas: 2 })],
      pods: [0, 1].map((at) => ({ template: at, workload: at, node: 0 })),
    });
    const { robustness } = verify(of, planOf(of, [removalOf(a, [drained(0, 1), drained(1, 1)])]));
    expect(robustness).toBeLessThan(1);
  });

  it('asks in each zone for pods that are spread over zones, beside others that are not', () => {
    const app = { app: 'spread' };
    const spread = template({
      labels: app,
      topologySpread: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: app },
        },
      ],
    });
    // The other zone has room for one pod: if `web` takes it, the pod that must go there finds none.
    const of = cluster({
      nodes: [a, node('b', { cpu: 8 }), node('c', { cpu: 0.5, zone: 'us-east-1b' })],
      podTemplates: [web, spread],
      workloads: [deployment('web', 0, { replicas: 2 }), deployment('spread', 1, { replicas: 2 })],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 1, workload: 1, node: 0 },
        { template: 1, workload: 1, node: 1 },
      ],
    });
    const { verdict, robustness } = verify(of, planOf(of, [removalOf(a, [drained(0, 1), drained(1, 1)])]));
    expect(verdict).toBe('verified');
    expect(robustness).toBeLessThan(1);
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
