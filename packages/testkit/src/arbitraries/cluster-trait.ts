import type { ClusterState, CoverageState, NodePoolBudget } from '@cloudoptim/core';
import fc from 'fast-check';
import type { ClusterBuilder } from '../builder/cluster-builder.js';

/** One thing that is special about a whole cluster. */
export type ClusterTrait =
  | { readonly trait: 'coverage'; readonly label: string; readonly kind: string; readonly state: CoverageState }
  | { readonly trait: 'with'; readonly label: string; readonly change: Partial<ClusterState> }
  | { readonly trait: 'namespace-budget'; readonly label: string; readonly minAvailable: number | string }
  | { readonly trait: 'pool-budgets'; readonly label: string; readonly budgets: readonly NodePoolBudget[] }
  | { readonly trait: 'pool-replicas'; readonly label: string };

/** All traits of clusters. */
export function arbitraryClusterTrait(): fc.Arbitrary<ClusterTrait> {
  return fc.oneof(
    { weight: 2, arbitrary: arbitraryCoverage() },
    { weight: 2, arbitrary: arbitraryPoolBudgets() },
    { weight: 4, arbitrary: fc.constantFrom(...objects) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<number | string>(1, '50%')
        .map((minAvailable) => ({ trait: 'namespace-budget', label: 'namespace-pdb', minAvailable }) as const),
    },
  );
}

/** Puts a trait into a cluster that is being built. */
export function applyClusterTrait(cluster: ClusterBuilder, trait: ClusterTrait): void {
  switch (trait.trait) {
    case 'coverage':
      cluster.setCoverage(trait.kind, trait.state);
      return;
    case 'with':
      cluster.with(trait.change);
      return;
    case 'namespace-budget':
      cluster.addBudget({ name: 'whole-namespace', selector: {}, minAvailable: trait.minAvailable });
      return;
    case 'pool-budgets':
      cluster.addNodePool({ name: 'default', budgets: trait.budgets });
      return;
    case 'pool-replicas':
      cluster.addNodePool({ name: 'default', replicas: 3 });
  }
}

const withChange = (label: string, change: Partial<ClusterState>): ClusterTrait => ({ trait: 'with', label, change });

const objects: readonly ClusterTrait[] = [
  withChange('most-allocated', {
    scheduler: {
      assumed: false,
      profiles: [{ schedulerName: 'default-scheduler', scoringStrategy: 'MostAllocated', defaultConstraints: [] }],
    },
  }),
  withChange('scheduler-assumed', {
    scheduler: {
      assumed: true,
      profiles: [
        { schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' },
      ],
    },
  }),
  withChange('priority-classes', {
    priorityClasses: [
      { name: 'high', value: 1000 },
      { name: 'low', value: -10, preemptionPolicy: 'Never' },
    ],
  }),
  withChange('runtime-class', {
    runtimeClasses: [{ name: 'kata', overhead: { cpuMillicores: 250, memoryBytes: 2 ** 27 } }],
  }),
  withChange('limit-range', {
    limitRanges: [
      {
        namespace: 'default',
        name: 'limits',
        items: [{ type: 'Container', defaultRequest: { cpuMillicores: 100, memoryBytes: 2 ** 27 } }],
      },
    ],
  }),
  withChange('quota', {
    resourceQuotas: [
      {
        namespace: 'team-a',
        name: 'quota',
        hard: { pods: 100, 'requests.cpu': 64_000 },
        used: { pods: 60, 'requests.cpu': 40_000 },
      },
    ],
  }),
  withChange('quota-used-up', {
    resourceQuotas: [{ namespace: 'team-a', name: 'full', hard: { pods: 40 }, used: { pods: 40 } }],
  }),
  withChange('services', {
    services: [{ namespace: 'default', name: 'web', selector: { app: 'app-0' } }],
    serviceBackends: [
      { namespace: 'default', service: 'web', pods: [{ namespace: 'default', name: 'app-0-0', ready: true }] },
    ],
  }),
  withChange('webhook', {
    services: [{ namespace: 'default', name: 'hook', selector: { app: 'app-0' } }],
    admissionWebhooks: [
      {
        name: 'pods.example.com',
        kind: 'validating',
        failurePolicy: 'Fail',
        service: { namespace: 'default', name: 'hook' },
        matchesPods: true,
      },
    ],
  }),
  withChange('dynamic-resources', { dynamicResources: { claims: 2, slices: 1 } }),
  withChange('device-class', { deviceClasses: [{ name: 'gpu', extendedResourceName: 'nvidia.com/gpu' }] }),
  withChange('overlay', { nodeOverlays: [{ name: 'discount', priceAdjustment: '-10%' }] }),
  withChange('immediate-class', {
    storageClasses: [
      {
        name: 'gp3',
        provisioner: 'ebs.csi.aws.com',
        bindingMode: 'WaitForFirstConsumer',
        allowedTopologies: [
          { expressions: [{ key: 'topology.kubernetes.io/zone', values: ['us-east-1a', 'us-east-1b'] }] },
        ],
      },
      { name: 'io2', provisioner: 'ebs.csi.aws.com', bindingMode: 'Immediate' },
    ],
  }),
  withChange('no-cluster-id', { kubernetesVersion: '1.36' }),
];

function arbitraryCoverage(): fc.Arbitrary<ClusterTrait> {
  return fc
    .record({
      kind: fc.constantFrom(
        'PodDisruptionBudget',
        'Pod',
        'PersistentVolumeClaim',
        'NodePool',
        'StorageClass',
        'Deployment',
        'SchedulerConfiguration',
      ),
      state: fc.constantFrom('partial' as const, 'absent' as const, 'forbidden' as const),
    })
    .map(({ kind, state }) => ({ trait: 'coverage', label: `coverage-${state}`, kind, state }));
}

function arbitraryPoolBudgets(): fc.Arbitrary<ClusterTrait> {
  const budget = fc.record(
    {
      nodes: fc.constantFrom('1', '0', '2', '10%', '100%'),
      reasons: fc.constantFrom(['Underutilized'], ['Empty'], ['Drifted']),
      schedule: fc.constantFrom('0 9 * * mon-fri', '@daily'),
      durationSeconds: fc.constantFrom(3600, 8 * 3600),
    },
    { requiredKeys: ['nodes'] },
  );
  // A schedule and a duration are only valid together (karpenter.sh/v1 NodePool).
  const together = budget.map(({ schedule, durationSeconds, ...rest }) =>
    schedule === undefined || durationSeconds === undefined ? rest : { ...rest, schedule, durationSeconds },
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(together, { minLength: 1, maxLength: 2 })
        .map((budgets) => ({ trait: 'pool-budgets', label: 'pool-budgets', budgets }) as const),
    },
    { weight: 1, arbitrary: fc.constant({ trait: 'pool-replicas', label: 'static-pool' } as const) },
  );
}
