import type {
  NodeAffinity,
  PodAffinityTerm,
  PodDisruptionBudget,
  PodExtra,
  PodTemplate,
  TopologySpreadConstraint,
  Workload,
} from '@cloudoptim/core';
import fc from 'fast-check';

/** One thing that makes a workload harder to place or to move. Traits are independent, so a shrunk case keeps only what matters. */
export type WorkloadTrait =
  | { readonly trait: 'template'; readonly label: string; readonly change: Partial<PodTemplate> }
  | { readonly trait: 'workload'; readonly label: string; readonly change: Partial<Workload> }
  | { readonly trait: 'extra'; readonly label: string; readonly change: PodExtra }
  | { readonly trait: 'budget'; readonly label: string; readonly change: Partial<PodDisruptionBudget> }
  | {
      readonly trait: 'volume';
      readonly label: string;
      readonly zone: number;
      readonly perPod: boolean;
      readonly modes: readonly string[];
    }
  | { readonly trait: 'local-volume' | 'unbound-claim'; readonly label: string; readonly zone: number }
  | { readonly trait: 'autoscaler'; readonly label: string; readonly moving: boolean }
  | { readonly trait: 'affinity'; readonly label: string; readonly anti: boolean; readonly term: AffinityShape }
  | {
      readonly trait: 'spread';
      readonly label: string;
      readonly constraint: Omit<TopologySpreadConstraint, 'labelSelector'>;
    };

/** A pod (anti-)affinity term before it is known which workload it names. `toward` is that workload's distance in the list. */
export interface AffinityShape extends Omit<PodAffinityTerm, 'labelSelector'> {
  readonly toward: number;
  readonly preferred: boolean;
}

/** All traits, the harmless ones more often: a cluster in which every pod is pinned tells little about an engine. */
export function arbitraryWorkloadTrait(): fc.Arbitrary<WorkloadTrait> {
  return fc.oneof(
    { weight: 4, arbitrary: arbitrarySpread() },
    { weight: 4, arbitrary: arbitraryAffinity() },
    { weight: 6, arbitrary: arbitraryBudget() },
    { weight: 4, arbitrary: arbitraryVolume() },
    { weight: 3, arbitrary: fc.constantFrom(...nodeChoices) },
    { weight: 2, arbitrary: fc.constantFrom(...hostPorts) },
    { weight: 3, arbitrary: fc.constantFrom(...harmless) },
    { weight: 2, arbitrary: fc.constantFrom(...optOuts) },
    { weight: 2, arbitrary: fc.constantFrom(...pins) },
    { weight: 2, arbitrary: fc.constantFrom(...podStates) },
    { weight: 2, arbitrary: fc.constantFrom(...rollouts) },
    { weight: 1, arbitrary: fc.boolean().map((moving) => ({ trait: 'autoscaler', label: 'hpa', moving }) as const) },
  );
}

const template = (label: string, change: Partial<PodTemplate>): WorkloadTrait => ({ trait: 'template', label, change });
const extra = (label: string, change: PodExtra): WorkloadTrait => ({ trait: 'extra', label, change });
const workload = (label: string, change: Partial<Workload>): WorkloadTrait => ({ trait: 'workload', label, change });
const annotated = (label: string, key: string, value: string) => template(label, { annotations: { [key]: value } });

const required = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'Gt',
  values?: readonly string[],
): NodeAffinity => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values && { values }) }] }] },
});

const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';

const nodeChoices: readonly WorkloadTrait[] = [
  template('tolerates-dedicated', { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'batch' }] }),
  template('tolerates-everything', { tolerations: [{ operator: 'Exists' }] }),
  template('node-selector-zone', { nodeSelector: { [zoneKey]: 'us-east-1a' } }),
  template('node-selector-disk', { nodeSelector: { disk: 'fast' } }),
  template('node-affinity-in', { nodeAffinity: required(zoneKey, 'In', ['us-east-1a', 'us-east-1b']) }),
  template('node-affinity-not-in', { nodeAffinity: required('disk', 'NotIn', ['slow']) }),
  template('node-affinity-exists', { nodeAffinity: required('kubernetes.io/arch', 'Exists') }),
  template('node-affinity-gt', { nodeAffinity: required('generation', 'Gt', ['4']) }),
  template('node-affinity-preferred', {
    nodeAffinity: {
      preferred: [
        { weight: 50, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['fast'] }] } },
      ],
    },
  }),
];

const hostPorts: readonly WorkloadTrait[] = [
  template('host-port', { hostPorts: [{ hostIp: '0.0.0.0', protocol: 'TCP', port: 8080 }] }),
  template('host-port-on-ip', { hostPorts: [{ hostIp: '10.0.0.1', protocol: 'TCP', port: 8080 }] }),
  template('host-port-udp', { hostPorts: [{ hostIp: '0.0.0.0', protocol: 'UDP', port: 8080 }] }),
];

const harmless: readonly WorkloadTrait[] = [
  template('empty-dir', { volumes: [{ kind: 'empty-dir', volume: 'tmp' }] }),
  template('ephemeral-volume', { volumes: [{ kind: 'ephemeral', volume: 'scratch', storageClass: 'gp3' }] }),
  template('csi-inline', { volumes: [{ kind: 'csi-inline', driver: 'secrets-store.csi.k8s.io' }] }),
  template('priority', { priority: 1000, priorityClass: 'high' }),
  template('never-preempts', { priority: -10, preemptionPolicy: 'Never' }),
  template('long-grace', { terminationGracePeriodSeconds: 600 }),
  template('best-effort', { qosClass: 'BestEffort', needs: { cpuMillicores: 0, memoryBytes: 0 } }),
  template('odd-labels', {
    labels: Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  }),
  workload('git-ops', { gitOps: 'argocd' }),
];

const optOuts: readonly WorkloadTrait[] = [
  annotated('do-not-disrupt', 'karpenter.sh/do-not-disrupt', 'true'),
  annotated('do-not-disrupt-duration', 'karpenter.sh/do-not-disrupt', '48h'),
  annotated('do-not-disrupt-elapsed', 'karpenter.sh/do-not-disrupt', '1h30m'),
  annotated('safe-to-evict-false', 'cluster-autoscaler.kubernetes.io/safe-to-evict', 'false'),
  annotated('prefer-no-eviction', 'descheduler.alpha.kubernetes.io/prefer-no-eviction', 'true'),
];

const pins: readonly WorkloadTrait[] = [
  template('host-path', { volumes: [{ kind: 'host-path', path: '/var/log' }] }),
  template('aws-ebs', { volumes: [{ kind: 'aws-ebs', volumeId: 'vol-1' }] }),
  template('resource-claims', { resourceClaims: ['gpu'] }),
  template('other-scheduler', { schedulerName: 'volcano' }),
  template('pod-group', { podGroup: 'gang' }),
  template('gated', { schedulingGates: ['example.com/quota'] }),
  template('huge', { needs: { cpuMillicores: 2 ** 40, memoryBytes: 2 ** 52 } }),
  template('gpu', { needs: { cpuMillicores: 100, memoryBytes: 2 ** 27, extended: { 'nvidia.com/gpu': 1 } } }),
  extra('mirror', { mirror: true }),
];

const podStates: readonly WorkloadTrait[] = [
  extra('unready', { ready: false }),
  extra('terminating', { deletionAtMs: Date.UTC(2026, 0, 14, 9, 59) }),
  extra('succeeded', { phase: 'Succeeded', ready: false }),
  extra('failed', { phase: 'Failed', ready: false }),
  extra('resizing', { occupies: { cpuMillicores: 400, memoryBytes: 2 ** 28 } }),
  extra('pod-annotation', { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }),
];

const rollouts: readonly WorkloadTrait[] = [
  workload('rollout-in-progress', { rollout: 'in-progress', observedGeneration: 0 }),
  workload('rollout-paused', { rollout: 'paused' }),
  workload('rollout-unknown', { rollout: 'unknown' }),
  workload('successor-unknown', { successorTemplate: -1 }),
  workload('recreate', { strategy: { type: 'Recreate' } }),
];

function arbitrarySpread(): fc.Arbitrary<WorkloadTrait> {
  const constraint = fc.record(
    {
      maxSkew: fc.integer({ min: 1, max: 3 }),
      topologyKey: fc.constantFrom(zoneKey, hostKey),
      whenUnsatisfiable: fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const),
      minDomains: fc.integer({ min: 1, max: 4 }),
      nodeAffinityPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
      nodeTaintsPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
      matchLabelKeys: fc.constant(['app']),
    },
    { requiredKeys: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'] },
  );
  return constraint.map(({ minDomains, ...rest }) => ({
    trait: 'spread',
    label: `spread-${rest.topologyKey === zoneKey ? 'zone' : 'hostname'}${minDomains ? '-min-domains' : ''}`,
    // The API server refuses minDomains beside ScheduleAnyway.
    constraint: { ...rest, ...(minDomains && rest.whenUnsatisfiable === 'DoNotSchedule' ? { minDomains } : {}) },
  }));
}

function arbitraryAffinity(): fc.Arbitrary<WorkloadTrait> {
  const term = fc.record(
    {
      topologyKey: fc.constantFrom(hostKey, zoneKey),
      toward: fc.integer({ min: 0, max: 2 }),
      preferred: fc.constantFrom(false, false, false, true),
      namespaces: fc.constant(['default', 'team-a']),
      namespaceSelector: fc.constantFrom({}, { matchLabels: { team: 'a' } }),
    },
    { requiredKeys: ['topologyKey', 'toward', 'preferred'] },
  );
  return fc
    .record({ anti: fc.boolean(), term })
    .map(({ anti, term }) => ({ trait: 'affinity', label: anti ? 'anti-affinity' : 'pod-affinity', anti, term }));
}

function arbitraryBudget(): fc.Arbitrary<WorkloadTrait> {
  const amount = fc.constantFrom<number | string>(1, 0, 2, '50%', '1%', '100%');
  const limit = fc.oneof(
    amount.map((minAvailable) => ({ minAvailable })),
    amount.map((maxUnavailable) => ({ maxUnavailable })),
  );
  const oddity = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ unhealthyPodEvictionPolicy: 'AlwaysAllow' as const }) },
    { weight: 1, arbitrary: fc.constant({ status: undefined } as unknown as Partial<PodDisruptionBudget>) },
    { weight: 1, arbitrary: fc.constant({ generation: 2, status: staleStatus }) },
    { weight: 1, arbitrary: fc.constant({ selector: {} }) },
  );
  return fc.tuple(limit, oddity).map(([limit, oddity]) => ({
    trait: 'budget',
    label: 'minAvailable' in limit ? 'pdb-min-available' : 'pdb-max-unavailable',
    change: { ...limit, ...oddity },
  }));
}

const staleStatus = {
  observedGeneration: 1,
  disruptionsAllowed: 3,
  currentHealthy: 4,
  desiredHealthy: 1,
  expectedPods: 4,
};

function arbitraryVolume(): fc.Arbitrary<WorkloadTrait> {
  const zone = fc.integer({ min: 0, max: 2 });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        trait: fc.constant('volume' as const),
        label: fc.constant('zone-volume'),
        zone,
        perPod: fc.boolean(),
        modes: fc.constantFrom(['ReadWriteOnce'], ['ReadWriteOncePod'], ['ReadWriteMany']),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        trait: fc.constant('unbound-claim' as const),
        label: fc.constant('wait-for-consumer'),
        zone,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ trait: fc.constant('local-volume' as const), label: fc.constant('local-volume'), zone }),
    },
  );
}
