import { instanceTypes, onDemandMarket } from '@cloudoptim/catalog';
import {
  type ClusterState,
  type CoverageEntry,
  defaultPolicy,
  emptyClusterState,
  type Market,
  type Node,
  type PodTemplate,
  type Policy,
  type Workload,
} from '@cloudoptim/core';

/** One question to binpack and its peers: pods with or without nodes under them, and what may be bought. */
export interface PackingFixture {
  readonly name: string;
  readonly state: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
}

/** Pods of one kind that one Deployment owns. */
export interface PodGroup {
  readonly name: string;
  readonly count: number;
  readonly template: Omit<PodTemplate, 'namespace' | 'containers'>;
}

export const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
const takenAtMs = Date.UTC(2026, 0, 14, 10);
const gibibyte = 2 ** 30;

/** A cluster in which all these pods wait, with one NodePool and one agent on every node (250m, 300 MiB). */
export function waitingPods(groups: readonly PodGroup[]): ClusterState {
  const agent = templateOf({
    labels: { app: 'agent' },
    needs: { cpuMillicores: 250, memoryBytes: 300 * 2 ** 20 },
    tolerations: [{ operator: 'Exists' }],
  });
  const podTemplates = [agent, ...groups.map(({ template }) => templateOf(template))];
  const pods = groups.flatMap(({ name, count }, group) =>
    Array.from({ length: count }, (_, replica) => ({ name: `${name}-${replica}`, group })),
  );
  return {
    ...emptyClusterState(takenAtMs),
    kubernetesVersion: '1.36',
    coverage: listed,
    nodePools: [
      { name: 'default', nodeClass: { kind: 'EC2NodeClass', name: 'default' }, budgets: [{ nodes: '100%' }] },
    ],
    nodeClasses: [{ kind: 'EC2NodeClass', name: 'default', zones: [...zones], rootVolumeBytes: 100 * gibibyte }],
    podTemplates,
    workloads: [
      workloadOf('DaemonSet', 'agent', 0),
      ...groups.map(({ name, count }, group) => workloadOf('Deployment', name, group + 1, count)),
    ],
    pods: {
      count: pods.length,
      name: pods.map(({ name }) => name),
      template: pods.map(({ group }) => group + 1),
      workload: pods.map(({ group }) => group + 1),
      node: pods.map(() => -1),
      createdAtSeconds: pods.map(() => takenAtMs / 1000 - 86_400),
      extra: {},
    },
  };
}

/** The same cluster with its pods on nodes: the agents come with them. `on` gives the node of each pod. */
export function onNodes(state: ClusterState, nodes: readonly Node[], on: readonly number[]): ClusterState {
  const { pods } = state;
  const same = <T>(value: T) => nodes.map(() => value);
  return {
    ...state,
    nodes,
    pods: {
      ...pods,
      count: pods.count + nodes.length,
      name: [...pods.name, ...nodes.map(({ name }) => `agent-${name}`)],
      template: [...pods.template, ...same(0)],
      workload: [...pods.workload, ...same(0)],
      node: [...on, ...nodes.keys()],
      createdAtSeconds: [...pods.createdAtSeconds, ...same(takenAtMs / 1000 - 86_400)],
    },
  };
}

/**
 * What may be bought: c, m and r of generation 5 and later, without metal and flex, at list price on demand in three zones.
 * Graviton only where asked for, since pods that say nothing of architecture are taken to be amd64 images.
 */
export function generalMarket({ graviton = false } = {}): Market {
  const chosen = new Set(
    instanceTypes({ hypervisor: 'nitro', mac: false, priced: true })
      .filter(({ name, architecture }) => {
        const family = /^([cmr])([5-9])([a-z]*)\.(?!metal)/.exec(name);
        return family !== null && !name.includes('-flex') && (graviton || architecture === 'amd64');
      })
      .map(({ name }) => name),
  );
  const market = onDemandMarket({ zones, region: 'us-east-1' });
  return {
    ...market,
    offerings: market.offerings.filter(({ instanceType }) => chosen.has(instanceType)),
    // Nodes of these fixtures have a root volume of 100 GiB, which the catalogue cannot know.
    instanceTypes: market.instanceTypes
      .filter(({ name }) => chosen.has(name))
      .map((type) => ({ ...type, allocatable: { ...type.allocatable, ephemeralStorageBytes: 80 * gibibyte } })),
  };
}

export const packingPolicy: Policy = {
  ...defaultPolicy,
  pins: { ...defaultPolicy.pins, singleReplica: false },
};

function templateOf(template: PodGroup['template']): PodTemplate {
  return { namespace: 'default', containers: [{ name: 'main', requests: template.needs }], ...template };
}

function workloadOf(kind: string, name: string, successorTemplate: number, replicas?: number): Workload {
  return {
    kind,
    apiVersion: 'apps/v1',
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    generation: 1,
    observedGeneration: 1,
    successorTemplate,
    selector: { matchLabels: { app: name } },
    rollout: 'stable',
    ...(replicas !== undefined && { replicas, readyReplicas: replicas, updatedReplicas: replicas, scalable: true }),
  };
}

const listed: readonly CoverageEntry[] = [
  'Node',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'PodDisruptionBudget',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StorageClass',
  'CSINode',
  'CSIDriver',
  'CSIStorageCapacity',
  'VolumeAttachment',
  'HorizontalPodAutoscaler',
  'PriorityClass',
  'RuntimeClass',
  'LimitRange',
  'ResourceQuota',
  'ResourceClaim',
  'ResourceSlice',
  'DeviceClass',
  'Service',
  'EndpointSlice',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Namespace',
  'NodePool',
  'NodeClaim',
  'NodeOverlay',
  'EC2NodeClass',
  'NodeGroup',
  'Scale',
  'ServerVersion',
  'SchedulerConfiguration',
].map((kind) => ({ kind, state: 'listed' }));
