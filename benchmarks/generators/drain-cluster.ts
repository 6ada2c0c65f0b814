import {
  type ClusterState,
  emptyClusterState,
  type Node,
  type PodDisruptionBudget,
  type PodTemplate,
  type Workload,
} from '@cloudoptim/core';

export interface DrainSize {
  readonly nodes: number;
  readonly pods: number;
  readonly groups: number;
  readonly seed: number;
}

export const takenAtMs = Date.UTC(2026, 0, 5, 12);
export const gibibyte = 1024 ** 3;
export const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
export const types = [
  { name: 'm6i.2xlarge', cpu: 7910, memory: 29, usd: 0.384 },
  { name: 'm6i.4xlarge', cpu: 15890, memory: 57, usd: 0.768 },
  { name: 'm7i.2xlarge', cpu: 7910, memory: 29, usd: 0.4032 },
];

/** Of `pods` those that find room; every tenth node is hardly used. */
export function cluster({ nodes: nodeCount, pods: podCount }: DrainSize, random: () => number): ClusterState {
  const nodes = Array.from({ length: nodeCount }, (_, index) => makeNode(index));
  const workloadCount = Math.max(10, Math.round(podCount / 50));
  const podTemplates: PodTemplate[] = [];
  const workloads: Workload[] = [];
  for (let index = 0; index < workloadCount; index++) {
    podTemplates.push(makeTemplate(index, random));
    workloads.push(makeWorkload(index));
  }
  const columns = { template: [] as number[], workload: [] as number[], node: [] as number[] };
  const free = nodes.map(({ allocatable }, index) => ({
    // What may be filled: little of every tenth node, two thirds of the others.
    cpu: allocatable.cpuMillicores * (isUnderused(index) ? 0.25 : 0.66),
    memory: allocatable.memoryBytes * (isUnderused(index) ? 0.25 : 0.66),
    pods: 55,
  }));
  for (let pod = 0; pod < podCount; pod++) {
    const workload = pod % workloadCount;
    const { needs } = podTemplates[workload] as PodTemplate;
    // Round the zones, so that what is to be spread is; and a node apart from the last one of the workload.
    const round = Math.floor(pod / workloadCount);
    for (let tries = 0; tries < 200; tries++) {
      const at = (Math.floor((random() * nodeCount) / 3) * 3 + (round % 3)) % nodeCount;
      const room = free[at];
      if (room === undefined || room.cpu < needs.cpuMillicores || room.memory < needs.memoryBytes || room.pods < 1)
        continue;
      room.cpu -= needs.cpuMillicores;
      room.memory -= needs.memoryBytes;
      room.pods--;
      columns.template.push(workload);
      columns.workload.push(workload);
      columns.node.push(at);
      break;
    }
  }
  const count = columns.node.length;
  const replicas = new Array<number>(workloadCount).fill(0);
  for (const workload of columns.workload) replicas[workload] = (replicas[workload] as number) + 1;
  return {
    ...emptyClusterState(takenAtMs),
    kubernetesVersion: '1.36',
    coverage: listed,
    nodes,
    podTemplates,
    workloads: workloads.map((workload, index) => ({ ...workload, replicas: replicas[index] as number })),
    podDisruptionBudgets: workloads.flatMap((_, index) =>
      index % 2 === 0 ? [makeBudget(index, replicas[index] as number)] : [],
    ),
    nodePools: [{ name: 'default', budgets: [{ nodes: '20%' }] }],
    pods: {
      count,
      name: columns.workload.map((workload, pod) => `w${workload}-${pod}`),
      ...columns,
      createdAtSeconds: columns.node.map(() => Math.floor(takenAtMs / 1000) - 90_000),
      extra: {},
    },
  };
}

export function isUnderused(node: number): boolean {
  return node % 10 === 7;
}

function makeNode(index: number): Node {
  const type = types[Math.floor(index / 3) % types.length] as (typeof types)[number];
  const zone = zones[index % 3] as string;
  const name = `node-${index}`;
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs: takenAtMs - 10 * 86_400_000,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/zone': zone,
      'node.kubernetes.io/instance-type': type.name,
    },
    ready: true,
    allocatable: {
      cpuMillicores: type.cpu,
      memoryBytes: type.memory * gibibyte,
      ephemeralStorageBytes: 80 * gibibyte,
      pods: 110,
    },
    instanceType: type.name,
    region: 'us-east-1',
    zone,
    capacityType: 'on-demand',
    owner: { kind: 'karpenter', name: 'default', nodeClaim: `claim-${index}` },
    autoscaler: 'karpenter',
  };
}

function makeTemplate(index: number, random: () => number): PodTemplate {
  const needs = {
    cpuMillicores: [50, 100, 150, 250, 400][Math.floor(random() * 5)] as number,
    memoryBytes: ([128, 256, 512, 1024][Math.floor(random() * 4)] as number) * 1024 ** 2,
  };
  const labels = { app: `app-${index}` };
  const labelSelector = { matchLabels: labels };
  return {
    namespace: `team-${index % 20}`,
    labels,
    needs,
    containers: [{ name: 'main', requests: needs }],
    ...(index % 5 === 1
      ? {
          topologySpread: [
            {
              maxSkew: 3,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector,
            },
          ],
        }
      : {}),
    ...(index % 20 === 2
      ? { podAntiAffinity: { required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] } }
      : {}),
    ...(index % 7 === 3 ? { nodeSelector: { 'kubernetes.io/arch': 'amd64' } } : {}),
  };
}

export function makeWorkload(index: number): Workload {
  const name = `app-${index}`;
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    namespace: `team-${index % 20}`,
    name,
    uid: `uid-${name}`,
    generation: 1,
    observedGeneration: 1,
    scalable: true,
    successorTemplate: index,
    selector: { matchLabels: { app: name } },
    strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
    rollout: 'stable',
  };
}

function makeBudget(index: number, replicas: number): PodDisruptionBudget {
  const allowed = Math.ceil(replicas * 0.2);
  return {
    namespace: `team-${index % 20}`,
    name: `app-${index}`,
    selector: { matchLabels: { app: `app-${index}` } },
    maxUnavailable: '20%',
    status: {
      disruptionsAllowed: allowed,
      currentHealthy: replicas,
      desiredHealthy: replicas - allowed,
      expectedPods: replicas,
    },
  };
}

/** Kinds that verification asks about. */
const listed = [
  'Node',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'PodDisruptionBudget',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StorageClass',
  'CSINode',
  'VolumeAttachment',
  'HorizontalPodAutoscaler',
  'ResourceQuota',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Namespace',
  'NodePool',
  'NodeClaim',
].map((kind) => ({ kind, state: 'listed' as const }));
