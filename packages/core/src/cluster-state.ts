import type { Coverage } from './coverage.js';
import type { PodDisruptionBudget } from './disruption-budget.js';
import type { Node } from './node.js';
import type { NodeClaim, NodeClass, NodeGroup, NodeOverlay, NodePool } from './node-pool.js';
import type { PodTable, PodTemplate } from './pod.js';
import type { ResourceAmounts } from './resources.js';
import type { SchedulerFacts } from './scheduler-facts.js';
import type { LabelSelector, Toleration } from './selectors.js';
import type {
  CsiDriver,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from './storage.js';
import type { Workload, WorkloadRef } from './workload.js';

export interface Namespace {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Only annotations that CloudOptim honours. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface HorizontalPodAutoscaler {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly target: WorkloadRef;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  /** Metrics that scale on a share of the request, such as `cpu`: changing requests moves these. */
  readonly utilisationOf?: readonly string[];
}

export interface PriorityClass {
  readonly name: string;
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
}

export interface RuntimeClass {
  readonly name: string;
  readonly overhead?: ResourceAmounts;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
}

/** Container defaults and bounds of one LimitRange item; only `Container` and `Pod` items bear on requests. */
export interface LimitRange {
  readonly namespace: string;
  readonly name: string;
  readonly items: readonly {
    readonly type: string;
    readonly defaultRequest?: ResourceAmounts;
    readonly defaultLimit?: ResourceAmounts;
    readonly min?: ResourceAmounts;
    readonly max?: ResourceAmounts;
  }[];
}

export interface ResourceQuota {
  readonly namespace: string;
  readonly name: string;
  /** By the quota's own names (`requests.cpu`, `pods` …): millicores for cpu, bytes for memory and storage, counts otherwise. */
  readonly hard: Readonly<Record<string, number>>;
  readonly used: Readonly<Record<string, number>>;
  readonly scopes?: readonly string[];
  /** Which pods it counts, where it has a scopeSelector; opaque here: present means that it may or may not apply. */
  readonly scoped?: boolean;
}

export interface DeviceClass {
  readonly name: string;
  /** An extended resource that this class serves through dynamic allocation. */
  readonly extendedResourceName?: string;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly selector?: Readonly<Record<string, string>>;
}

/** An admission webhook that may refuse pods, with the service that answers it. */
export interface AdmissionWebhook {
  readonly name: string;
  readonly kind: 'validating' | 'mutating';
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly service?: { readonly namespace: string; readonly name: string };
  /** Whether its rules match the creation of pods. */
  readonly matchesPods: boolean;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/** Pods behind a service, from its EndpointSlices. */
export interface ServiceBackend {
  readonly namespace: string;
  readonly service: string;
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly ready: boolean }[];
}

/** One cluster at one instant, as plain JSON. What it does not know is said in `coverage`, never left to look empty. */
export interface ClusterState {
  readonly schema: 'cluster-state/v1';
  readonly takenAtMs: number;
  /** uid of the kube-system namespace: tells clusters apart. */
  readonly clusterId?: string;
  /** `major.minor`, for example `1.36`; absent when unknown. */
  readonly kubernetesVersion?: string;
  readonly coverage: Coverage;
  readonly nodes: readonly Node[];
  readonly podTemplates: readonly PodTemplate[];
  readonly workloads: readonly Workload[];
  readonly pods: PodTable;
  readonly namespaces: readonly Namespace[];
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[];
  readonly persistentVolumeClaims: readonly PersistentVolumeClaim[];
  readonly persistentVolumes: readonly PersistentVolume[];
  readonly storageClasses: readonly StorageClass[];
  readonly csiDrivers: readonly CsiDriver[];
  readonly csiStorageCapacities: readonly CsiStorageCapacity[];
  readonly volumeAttachments: readonly VolumeAttachment[];
  readonly horizontalPodAutoscalers: readonly HorizontalPodAutoscaler[];
  readonly priorityClasses: readonly PriorityClass[];
  readonly runtimeClasses: readonly RuntimeClass[];
  readonly limitRanges: readonly LimitRange[];
  readonly resourceQuotas: readonly ResourceQuota[];
  readonly deviceClasses: readonly DeviceClass[];
  /** How many ResourceClaims and ResourceSlices there are; pods that use them are `unsupported`. */
  readonly dynamicResources: { readonly claims: number; readonly slices: number };
  readonly services: readonly Service[];
  readonly serviceBackends: readonly ServiceBackend[];
  readonly admissionWebhooks: readonly AdmissionWebhook[];
  readonly nodePools: readonly NodePool[];
  readonly nodeClaims: readonly NodeClaim[];
  readonly nodeClasses: readonly NodeClass[];
  readonly nodeOverlays: readonly NodeOverlay[];
  readonly nodeGroups: readonly NodeGroup[];
  readonly scheduler: SchedulerFacts;
}
