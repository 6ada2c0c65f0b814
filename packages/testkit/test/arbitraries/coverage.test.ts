import { type ClusterState, intentKinds } from '@cloudoptim/core';
import { fits } from '@cloudoptim/scheduling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adversarialNames,
  arbitraryClusterState,
  arbitraryDecisionCase,
  arbitraryFact,
  arbitraryIntent,
  arbitrarySubject,
} from '../../src/index.js';

/** What must occur among 200 clusters, or the laws would be proven on clusters that have nothing to get wrong. */
const features: Readonly<Record<string, (state: ClusterState) => boolean>> = {
  'taint that is not tolerated by default': ({ nodes }) => nodes.some(({ taints }) => (taints?.length ?? 0) > 0),
  toleration: ({ podTemplates }) => podTemplates.some(({ tolerations }) => tolerations !== undefined),
  'node selector': ({ podTemplates }) => podTemplates.some(({ nodeSelector }) => nodeSelector !== undefined),
  'required node affinity': ({ podTemplates }) => podTemplates.some(({ nodeAffinity }) => nodeAffinity?.required),
  'preferred node affinity': ({ podTemplates }) => podTemplates.some(({ nodeAffinity }) => nodeAffinity?.preferred),
  'required pod affinity': ({ podTemplates }) => podTemplates.some(({ podAffinity }) => podAffinity?.required),
  'required pod anti-affinity': ({ podTemplates }) =>
    podTemplates.some(({ podAntiAffinity }) => podAntiAffinity?.required),
  'hard spread': ({ podTemplates }) =>
    podTemplates.some((each) => each.topologySpread?.some((one) => one.whenUnsatisfiable === 'DoNotSchedule')),
  minDomains: ({ podTemplates }) =>
    podTemplates.some((each) => each.topologySpread?.some((one) => one.minDomains !== undefined)),
  'spread that honours taints': ({ podTemplates }) =>
    podTemplates.some((each) => each.topologySpread?.some((one) => one.nodeTaintsPolicy === 'Honor')),
  'host port': ({ podTemplates }) => podTemplates.some(({ hostPorts }) => hostPorts !== undefined),
  'volume in a zone': ({ persistentVolumes }) =>
    persistentVolumes.some(({ nodeAffinity }) => nodeAffinity !== undefined),
  ReadWriteOncePod: ({ persistentVolumes }) =>
    persistentVolumes.some(({ accessModes }) => accessModes?.includes('ReadWriteOncePod')),
  'claim that waits for its consumer': ({ persistentVolumeClaims }) =>
    persistentVolumeClaims.some(({ phase }) => phase === 'Pending'),
  'local volume': ({ persistentVolumes }) => persistentVolumes.some(({ local }) => local === true),
  'attach limit of one': ({ nodes }) =>
    nodes.some(({ csiDrivers }) => csiDrivers?.some(({ allocatableCount }) => allocatableCount === 1)),
  'integer minAvailable': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ minAvailable }) => typeof minAvailable === 'number'),
  'percentage minAvailable': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ minAvailable }) => typeof minAvailable === 'string'),
  'integer maxUnavailable': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ maxUnavailable }) => typeof maxUnavailable === 'number'),
  'percentage maxUnavailable': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ maxUnavailable }) => typeof maxUnavailable === 'string'),
  'budget without status': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ status }) => status === undefined),
  'stale budget': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ generation, status }) => (status?.observedGeneration ?? 9) < (generation ?? 0)),
  'AlwaysAllow budget': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ unhealthyPodEvictionPolicy }) => unhealthyPodEvictionPolicy === 'AlwaysAllow'),
  'two budgets of one selector': ({ podDisruptionBudgets }) =>
    new Set(podDisruptionBudgets.map(({ selector }) => JSON.stringify(selector))).size < podDisruptionBudgets.length,
  'budget of a whole namespace': ({ podDisruptionBudgets }) =>
    podDisruptionBudgets.some(({ selector }) => selector !== undefined && Object.keys(selector).length === 0),
  DaemonSet: hasKind('DaemonSet'),
  StatefulSet: hasKind('StatefulSet'),
  Job: hasKind('Job'),
  'workload of an unknown kind': hasKind('Rollout'),
  'bare pod': ({ pods }) => pods.workload.includes(-1),
  'mirror pod': hasExtra('mirror'),
  'do-not-disrupt on a pod': hasAnnotation('karpenter.sh/do-not-disrupt', 'true'),
  'do-not-disrupt for a duration': hasAnnotation('karpenter.sh/do-not-disrupt', '48h'),
  'safe-to-evict': hasAnnotation('cluster-autoscaler.kubernetes.io/safe-to-evict', 'false'),
  'do-not-disrupt on a node': ({ nodes }) =>
    nodes.some(({ annotations }) => annotations?.['karpenter.sh/do-not-disrupt'] === 'true'),
  'scale-down-disabled': ({ nodes }) =>
    nodes.some(({ annotations }) => annotations?.['cluster-autoscaler.kubernetes.io/scale-down-disabled'] === 'true'),
  'rollout in progress': ({ workloads }) => workloads.some(({ rollout }) => rollout === 'in-progress'),
  'successor unknown': ({ workloads }) => workloads.some(({ successorTemplate }) => successorTemplate === -1),
  HPA: ({ horizontalPodAutoscalers }) => horizontalPodAutoscalers.length > 0,
  'node group at its minimum': ({ nodeGroups }) =>
    nodeGroups.some(({ minSize, desiredSize }) => minSize === desiredSize),
  'node group of unknown limits': ({ nodeGroups }) => nodeGroups.some(({ minSize }) => minSize === undefined),
  'closed NodePool': ({ nodePools }) => nodePools.some(({ budgets }) => budgets?.some(({ nodes }) => nodes === '0')),
  'scheduled budget of a NodePool': ({ nodePools }) =>
    nodePools.some(({ budgets }) => budgets?.some(({ schedule }) => schedule !== undefined)),
  'NodePool limits': ({ nodePools }) => nodePools.some(({ limits }) => limits !== undefined),
  'static NodePool': ({ nodePools }) => nodePools.some(({ replicas }) => replicas !== undefined),
  'unknown owner': ({ nodes }) => nodes.some(({ owner }) => owner.kind === 'unknown'),
  'managed node group': ({ nodes }) => nodes.some(({ owner }) => owner.kind === 'managed-node-group'),
  'Auto Mode': ({ nodes }) => nodes.some(({ owner }) => owner.kind === 'eks-auto'),
  'cordoned node': ({ nodes }) => nodes.some(({ unschedulable }) => unschedulable === true),
  'unready node': ({ nodes }) => nodes.some(({ ready }) => !ready),
  'terminating node': ({ nodes }) => nodes.some(({ deletionAtMs }) => deletionAtMs !== undefined),
  'node of unknown type': ({ nodes }) => nodes.some(({ instanceType }) => instanceType === undefined),
  'unready pod': ({ pods }) =>
    Object.values(pods.extra).some(({ ready, phase }) => ready === false && phase === undefined),
  'terminating pod': hasExtra('deletionAtMs'),
  'terminal pod': hasExtra('phase'),
  'pod being resized': hasExtra('occupies'),
  'pending pod': ({ pods }) => pods.node.includes(-1),
  'unsupported pod': ({ podTemplates }) => podTemplates.some(({ resourceClaims }) => resourceClaims !== undefined),
  'coverage that is not complete': ({ coverage }) => coverage.some(({ state }) => state !== 'listed'),
  'adversarial name': ({ workloads }) => workloads.some(({ name }) => adversarialNames.includes(name)),
  'request of zero': ({ podTemplates }) => podTemplates.some(({ needs }) => needs.cpuMillicores === 0),
  'huge number': ({ podTemplates }) => podTemplates.some(({ needs }) => needs.cpuMillicores >= 2 ** 40),
  'overcommitted node': (state) =>
    state.nodes.some((_, node) => cpuOn(state, node) > (state.nodes[node]?.allocatable.cpuMillicores ?? 0)),
  'empty cluster': ({ nodes }) => nodes.length === 0,
  quota: ({ resourceQuotas }) => resourceQuotas.length > 0,
  webhook: ({ admissionWebhooks }) => admissionWebhooks.length > 0,
};

function hasKind(kind: string) {
  return ({ workloads }: ClusterState) => workloads.some((workload) => workload.kind === kind);
}

function hasExtra(field: 'mirror' | 'deletionAtMs' | 'phase' | 'occupies') {
  return ({ pods }: ClusterState) => Object.values(pods.extra).some((extra) => extra[field] !== undefined);
}

function hasAnnotation(key: string, value: string) {
  return ({ podTemplates }: ClusterState) => podTemplates.some(({ annotations }) => annotations?.[key] === value);
}

function cpuOn(state: ClusterState, node: number): number {
  return state.pods.node.reduce(
    (sum, on, pod) =>
      sum + (on === node ? (state.podTemplates[state.pods.template[pod] as number]?.needs.cpuMillicores ?? 0) : 0),
    0,
  );
}

describe('arbitraryClusterState', () => {
  it('draws every kind of constraint in 600 clusters, each at least twice', () => {
    const states = fc.sample(arbitraryClusterState(), { numRuns: 600, seed: 42 });
    const counts = Object.entries(features).map(([name, has]) => [name, states.filter(has).length] as const);
    const rare = counts.filter(([, count]) => count < 2);
    expect(rare, `too rare of 600: ${rare.map(([name, count]) => `${name} ${count}`).join(', ')}`).toHaveLength(0);
  });

  it('places nearly all pods where kube-scheduler would let them stay', () => {
    const states = fc.sample(arbitraryClusterState({ constraints: false }), { numRuns: 100, seed: 42 });
    for (const state of states) {
      state.nodes.forEach((node, index) => {
        expect(cpuOn(state, index)).toBeLessThanOrEqual(node.allocatable.cpuMillicores);
      });
      state.pods.node.forEach((node, pod) => {
        if (node !== -1) return;
        // A pod stays pending only when no node takes it.
        const incoming = { template: state.pods.template[pod] as number, workload: state.pods.workload[pod] as number };
        const takers = state.nodes.filter((_, index) => fits(incoming, index, state).answer === 'feasible');
        expect(takers).toHaveLength(0);
      });
    }
  });

  it('draws the same cluster from the same seed', () => {
    const [first] = fc.sample(arbitraryClusterState(), { numRuns: 1, seed: 7 });
    const [second] = fc.sample(arbitraryClusterState(), { numRuns: 1, seed: 7 });
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  });

  it('shrinks to the smallest cluster that still has what matters', () => {
    const hasHostPort = (state: ClusterState) => features['host port']?.(state) === true && state.pods.count > 0;
    const result = fc.check(
      fc.property(arbitraryClusterState(), (state) => !hasHostPort(state)),
      { seed: 3, numRuns: 1000 },
    );
    const smallest = result.counterexample?.[0];
    expect(smallest?.nodes.length).toBeLessThanOrEqual(2);
    expect(smallest?.pods.count).toBeLessThanOrEqual(2);
    expect(smallest?.podDisruptionBudgets).toHaveLength(0);
    expect(smallest?.persistentVolumes).toHaveLength(0);
  });
});

describe('arbitraryDecisionCase', () => {
  it('gives nodes prices, and leaves some without', () => {
    const cases = fc.sample(arbitraryDecisionCase(), { numRuns: 200, seed: 42 });
    const priced = cases.filter(({ market }) =>
      market.offerings.some(({ priceUsdPerHour }) => priceUsdPerHour !== null),
    );
    const unpriced = cases.filter(({ market }) =>
      market.offerings.some(({ priceUsdPerHour }) => priceUsdPerHour === null),
    );
    expect(priced.length).toBeGreaterThan(150);
    expect(unpriced.length).toBeGreaterThan(20);
  });

  it('has usage, limits of policy and hours outside office', () => {
    const cases = fc.sample(arbitraryDecisionCase(), { numRuns: 200, seed: 42 });
    expect(cases.filter(({ usage }) => usage.containers.length > 0).length).toBeGreaterThan(50);
    expect(cases.filter(({ policy }) => Object.keys(policy).length > 0).length).toBeGreaterThan(30);
    expect(cases.filter(({ now }) => new Date(now).getUTCHours() >= 18).length).toBeGreaterThan(10);
  });
});

describe('arbitraries of plan parts', () => {
  it('draw every kind of action', () => {
    const kinds = new Set(fc.sample(arbitraryIntent(), { numRuns: 1000, seed: 42 }).map(({ kind }) => kind));
    expect([...kinds].sort()).toStrictEqual([...intentKinds].sort());
  });

  it('draw every kind of fact and subject', () => {
    expect(new Set(fc.sample(arbitraryFact(), { numRuns: 500, seed: 42 }).map(({ fact }) => fact)).size).toBe(12);
    expect(new Set(fc.sample(arbitrarySubject(), { numRuns: 500, seed: 42 }).map(({ kind }) => kind)).size).toBe(7);
  });
});
