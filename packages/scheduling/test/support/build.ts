import {
  type ClusterState,
  type CoverageEntry,
  emptyClusterState,
  type Node,
  type PodExtra,
  type PodTemplate,
  type Workload,
} from '@cloudoptim/core';

export const gibibyte = 1024 ** 3;
export const takenAtMs = Date.UTC(2026, 0, 5, 12);

/** Every kind that verification asks about, as listed: a state about which nothing is unknown. */
const everythingListed: readonly CoverageEntry[] = [
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
].map((kind) => ({ kind, state: 'listed' as const }));

export type NodeOptions = Partial<Omit<Node, 'allocatable'>> & {
  readonly cpu?: number;
  readonly memory?: number;
  readonly maxPods?: number;
  readonly extended?: Readonly<Record<string, number>>;
};

/** A Ready m5.xlarge-like on-demand node of a Karpenter pool: cpu in cores, memory in GiB. */
export function node(name: string, options: NodeOptions = {}): Node {
  const { cpu = 4, memory = 16, maxPods = 58, extended, labels, ...rest } = options;
  const zone = rest.zone ?? 'us-east-1a';
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs: takenAtMs - 86_400_000,
    ready: true,
    instanceType: 'm5.xlarge',
    region: 'us-east-1',
    zone,
    capacityType: 'on-demand',
    owner: { kind: 'karpenter', name: 'default', nodeClaim: `claim-${name}` },
    autoscaler: 'karpenter',
    csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 25 }],
    ...rest,
    labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone, ...labels },
    allocatable: {
      cpuMillicores: cpu * 1000,
      memoryBytes: memory * gibibyte,
      ephemeralStorageBytes: 80 * gibibyte,
      pods: maxPods,
      ...(extended === undefined ? {} : { extended }),
    },
  };
}

export type TemplateOptions = Partial<Omit<PodTemplate, 'needs'>> & {
  /** Millicores. */
  readonly cpu?: number;
  /** Bytes. */
  readonly memory?: number;
  readonly extended?: Readonly<Record<string, number>>;
};

export function template(options: TemplateOptions = {}): PodTemplate {
  const { cpu = 500, memory = gibibyte, extended, ...rest } = options;
  const needs = { cpuMillicores: cpu, memoryBytes: memory, ...(extended === undefined ? {} : { extended }) };
  return {
    namespace: 'default',
    labels: {},
    needs,
    containers: [{ name: 'main', requests: needs }],
    ...rest,
  };
}

/** A stable Deployment of one template. */
export function deployment(name: string, successorTemplate: number, options: Partial<Workload> = {}): Workload {
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    generation: 1,
    observedGeneration: 1,
    scalable: true,
    successorTemplate,
    selector: { matchLabels: { app: name } },
    strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
    rollout: 'stable',
    ...options,
  };
}

export interface PodSpec {
  readonly name?: string;
  readonly template: number;
  readonly workload?: number;
  /** -1 for a pod that waits. */
  readonly node: number;
  readonly extra?: PodExtra;
  readonly createdAtMs?: number;
}

export type StateOptions = Partial<Omit<ClusterState, 'pods'>> & { readonly pods?: readonly PodSpec[] };

/** A fully listed state from its parts. */
export function state({ pods = [], ...parts }: StateOptions): ClusterState {
  const extra: Record<number, PodExtra> = {};
  for (const [index, pod] of pods.entries()) if (pod.extra !== undefined) extra[index] = pod.extra;
  return {
    ...emptyClusterState(takenAtMs),
    kubernetesVersion: '1.36',
    coverage: everythingListed,
    ...parts,
    pods: {
      count: pods.length,
      name: pods.map((pod, index) => pod.name ?? `pod-${index}`),
      template: pods.map((pod) => pod.template),
      workload: pods.map((pod) => pod.workload ?? -1),
      node: pods.map((pod) => pod.node),
      createdAtSeconds: pods.map((pod) => Math.floor((pod.createdAtMs ?? takenAtMs - 3_600_000) / 1000)),
      extra,
    },
  };
}
