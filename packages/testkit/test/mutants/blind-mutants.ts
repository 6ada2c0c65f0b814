import type { ClusterState, Node, PodTemplate } from '@cloudoptim/core';
import type { Mutant } from './mutant.js';
import { createReferenceEngine, type World } from './reference-engine.js';

/** From which generated cases meet the rule within 25; the others are caught by fixtures. Others do as well, later. */
const seeds: Readonly<Record<string, number>> = {
  'ignores-pod-affinity': 3,
  'ignores-unsupported-scheduling': 8,
  'ignores-taints': 1,
  'ignores-do-not-disrupt-on-nodes': 1,
  'takes-owners-for-known': 1,
  'ignores-stale-budgets': 6,
  'ignores-nodepool-budgets': 2,
  'ignores-minimum-of-node-groups': 1,
  'ignores-rollouts': 24,
  'ignores-do-not-disrupt-for-a-duration': 1,
  'ignores-do-not-disrupt': 1,
  'ignores-safe-to-evict': 4,
  'evicts-jobs': 2,
  'ignores-excluded-namespaces': 8,
  'exceeds-max-disruption': 4,
  'ignores-min-savings': 19,
  'launches-what-is-not-allowed': 78,
  'takes-unknown-prices-for-zero': 2,
  'launches-what-is-sold-out': 16,
};

const mutants: readonly Mutant[] = [
  blindToTemplates('ignores-host-ports', ({ hostPorts: _, ...rest }) => rest),
  blindToTemplates('ignores-topology-spread', ({ topologySpread: _, ...rest }) => rest),
  blindToTemplates('ignores-anti-affinity', ({ podAntiAffinity: _, ...rest }) => rest),
  blindToTemplates('ignores-pod-affinity', ({ podAffinity: _, ...rest }) => rest),
  blindToTemplates('ignores-node-selectors', ({ nodeSelector: _, nodeAffinity: __, ...rest }) => rest),
  blindToTemplates('halves-requests', (template) => ({
    ...template,
    needs: { ...template.needs, cpuMillicores: Math.floor(template.needs.cpuMillicores / 2), memoryBytes: 0 },
  })),
  blindToTemplates(
    'ignores-unsupported-scheduling',
    ({ resourceClaims: _, podGroup: __, schedulerName: ___, ...rest }) => rest,
  ),
  blindToNodes('ignores-taints', ({ taints: _, ...rest }) => rest),
  blindToNodes('ignores-attach-limits', ({ csiDrivers: _, ...rest }) => ({ ...rest, csiDrivers: [] })),
  blindToNodes('ignores-pod-limit-of-nodes', (node) => ({ ...node, allocatable: { ...node.allocatable, pods: 1000 } })),
  blindToNodes('ignores-do-not-disrupt-on-nodes', ({ annotations: _, ...rest }) => rest, [
    'opt-outs-honoured',
    'verified',
  ]),
  blindToNodes('takes-owners-for-known', (node) =>
    node.owner.kind === 'unknown' ? { ...node, owner: { kind: 'self-managed' } } : node,
  ),
  blindToCluster(
    'ignores-zones-of-volumes',
    (cluster) => ({
      ...cluster,
      persistentVolumes: cluster.persistentVolumes.map(({ nodeAffinity: _, ...rest }) => rest),
    }),
    ['verified', 'pods-keep-a-place'],
  ),
  blindToCluster(
    'drops-the-first-budget',
    (cluster) => ({ ...cluster, podDisruptionBudgets: cluster.podDisruptionBudgets.slice(1) }),
    ['budgets-kept', 'verified'],
  ),
  blindToCluster(
    'sees-one-budget-a-pod',
    // Two budgets of one workload share the beginning of their names.
    (cluster) => ({
      ...cluster,
      podDisruptionBudgets: cluster.podDisruptionBudgets.filter(
        (budget, index, all) =>
          all.findIndex((other) => JSON.stringify(other.selector) === JSON.stringify(budget.selector)) === index,
      ),
    }),
    ['budgets-kept', 'verified'],
  ),
  blindToCluster(
    'ignores-stale-budgets',
    (cluster) => ({
      ...cluster,
      podDisruptionBudgets: cluster.podDisruptionBudgets.map(({ generation: _, ...rest }) => ({
        ...rest,
        generation: 0,
      })),
    }),
    ['budgets-kept', 'verified'],
  ),
  blindToCluster(
    'ignores-nodepool-budgets',
    (cluster) => ({
      ...cluster,
      nodePools: cluster.nodePools.map((pool) => ({ ...pool, budgets: [{ nodes: '100%' }] })),
    }),
    ['budgets-kept', 'verified'],
  ),
  blindToCluster(
    'ignores-minimum-of-node-groups',
    (cluster) => ({ ...cluster, nodeGroups: cluster.nodeGroups.map((group) => ({ ...group, minSize: 0 })) }),
    ['verified'],
  ),
  blindToCluster(
    'ignores-rollouts',
    (cluster) => ({
      ...cluster,
      workloads: cluster.workloads.map((workload) => ({
        ...workload,
        rollout: 'stable' as const,
        observedGeneration: 1,
      })),
    }),
    ['verified'],
  ),
  blindToCluster(
    'ignores-do-not-disrupt-for-a-duration',
    (cluster) => ({
      ...cluster,
      podTemplates: cluster.podTemplates.map((template) => {
        const { 'karpenter.sh/do-not-disrupt': value, ...rest } = template.annotations ?? {};
        return value === 'true' || value === undefined ? template : { ...template, annotations: rest };
      }),
    }),
    ['opt-outs-honoured', 'verified'],
  ),
  blindToPolicy('ignores-do-not-disrupt', (policy) => ({
    ...policy,
    optOuts: { ...policy.optOuts, doNotDisrupt: false },
  })),
  blindToPolicy('ignores-safe-to-evict', (policy) => ({
    ...policy,
    optOuts: { ...policy.optOuts, safeToEvict: false },
  })),
  blindToPolicy('evicts-jobs', (policy) => ({ ...policy, pins: { ...policy.pins, jobs: false } })),
  blindToPolicy('ignores-excluded-namespaces', (policy) => ({ ...policy, namespaces: { include: [], exclude: [] } })),
  blindToPolicy(
    'exceeds-max-disruption',
    (policy) => ({ ...policy, maxDisruption: { evictions: null, nodes: null } }),
    ['policy-limits-kept', 'verified'],
  ),
  blindToPolicy(
    'ignores-min-savings',
    (policy) => ({ ...policy, minSavings: { usdPerHour: 0, usdPerHourPerEviction: 0 } }),
    ['policy-limits-kept', 'verified'],
  ),
  blindToPolicy(
    'launches-what-is-not-allowed',
    (policy) => ({
      ...policy,
      allowedOfferings: {
        capacityTypes: [],
        instanceTypes: [],
        excludeInstanceTypes: [],
        zones: [],
        architectures: [],
      },
    }),
    ['policy-limits-kept', 'verified'],
  ),
  {
    // Core does not seal a launch without a known price: the author hears it from analyze.
    engine: createReferenceEngine('takes-unknown-prices-for-zero', {
      sees: (world) => ({
        ...world,
        market: {
          ...world.market,
          offerings: world.market.offerings.map((offering) => ({
            ...offering,
            priceUsdPerHour: offering.priceUsdPerHour ?? 0,
          })),
        },
      }),
    }),
    caughtBy: ['answers', 'policy-limits-kept', 'adds-up'],
  },
  {
    engine: createReferenceEngine('launches-what-is-sold-out', {
      sees: (world) => ({
        ...world,
        market: {
          ...world.market,
          offerings: world.market.offerings.map(({ supply: _, ...rest }) => rest),
        },
      }),
    }),
    caughtBy: ['policy-limits-kept', 'verified'],
  },
  {
    engine: createReferenceEngine('forgets-daemon-sets-on-new-nodes', { forgetsDaemonSets: true }),
    caughtBy: ['verified', 'pods-keep-a-place'],
  },
];

/** Engines that do not see one rule: the reference, shown a world in which that rule is not there. */
export const blindMutants: readonly Mutant[] = mutants.map((mutant) => {
  const seed = seeds[mutant.engine.id];
  return seed === undefined ? { ...mutant, byFixtures: true } : { ...mutant, seed };
});

type Laws = Mutant['caughtBy'];

function blindToTemplates(
  id: string,
  change: (template: PodTemplate) => PodTemplate,
  caughtBy: Laws = ['verified', 'pods-keep-a-place'],
): Mutant {
  return blindToCluster(id, (cluster) => ({ ...cluster, podTemplates: cluster.podTemplates.map(change) }), caughtBy);
}

function blindToNodes(
  id: string,
  change: (node: Node) => Node,
  caughtBy: Laws = ['verified', 'opt-outs-honoured', 'pods-keep-a-place'],
): Mutant {
  return blindToCluster(id, (cluster) => ({ ...cluster, nodes: cluster.nodes.map(change) }), caughtBy);
}

function blindToCluster(id: string, change: (cluster: ClusterState) => ClusterState, caughtBy: Laws): Mutant {
  const sees = (world: World) => ({ ...world, cluster: change(world.cluster) });
  return { engine: createReferenceEngine(id, { sees }), caughtBy };
}

function blindToPolicy(
  id: string,
  change: (policy: World['policy']) => World['policy'],
  caughtBy: Laws = ['opt-outs-honoured', 'verified'],
): Mutant {
  const sees = (world: World) => ({ ...world, policy: change(world.policy) });
  return { engine: createReferenceEngine(id, { sees }), caughtBy };
}
