import type { ResourceAmounts } from './resources.js';
import type { NodeAffinity, PodAffinity, Toleration, TopologySpreadConstraint } from './selectors.js';

export interface HostPort {
  /** `0.0.0.0` when absent in the manifest: it conflicts with every other address. */
  readonly hostIp: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

/** A volume, in so far as it bears on placement or on disruption. Secrets, config maps and projected volumes do neither. */
export type VolumeUse =
  /** A claim by a fixed name, the same for all pods of the template. Claims named after the pod are in `PodExtra.claims`. */
  | { readonly kind: 'claim'; readonly claim: string; readonly readOnly?: boolean }
  /** A generic ephemeral volume: each pod gets its own claim, created with the pod and deleted with it. */
  | {
      readonly kind: 'ephemeral';
      readonly volume: string;
      readonly storageClass?: string;
      readonly accessModes?: readonly string[];
      readonly requestBytes?: number;
    }
  /** An inline CSI volume: takes an attach slot of its driver when the driver counts it. */
  | { readonly kind: 'csi-inline'; readonly driver: string }
  /** In-tree `awsElasticBlockStore`, migrated to ebs.csi.aws.com. */
  | { readonly kind: 'aws-ebs'; readonly volumeId: string; readonly readOnly?: boolean }
  | { readonly kind: 'empty-dir'; readonly volume: string; readonly medium?: string }
  | { readonly kind: 'host-path'; readonly path: string };

export interface TemplateContainer {
  readonly name: string;
  /** A native sidecar: an init container with restartPolicy Always. */
  readonly sidecar?: boolean;
  /** A run-to-completion init container. */
  readonly init?: boolean;
  readonly requests: ResourceAmounts;
  readonly limits?: ResourceAmounts;
}

/**
 * What kube-scheduler and disruption rules see of a pod, shared by all pods with the same content. Whatever is unique to one
 * pod (StatefulSet identity, a DaemonSet pod's node, random volume names) lives in `PodExtra`, or else 150,000 pods would be
 * 150,000 templates.
 */
export interface PodTemplate {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only annotations that CloudOptim honours. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the scheduler needs for an incoming pod: KEP-753 with sidecars, init containers, overhead and pod-level requests. */
  readonly needs: ResourceAmounts;
  readonly containers: readonly TemplateContainer[];
  readonly schedulerName?: string;
  readonly schedulingGates?: readonly string[];
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly nodeAffinity?: NodeAffinity;
  readonly podAffinity?: PodAffinity;
  readonly podAntiAffinity?: PodAffinity;
  readonly tolerations?: readonly Toleration[];
  readonly topologySpread?: readonly TopologySpreadConstraint[];
  readonly hostPorts?: readonly HostPort[];
  readonly hostNetwork?: boolean;
  readonly volumes?: readonly VolumeUse[];
  /** Names of ResourceClaims or templates (dynamic resource allocation): present means `unsupported`. */
  readonly resourceClaims?: readonly string[];
  /** A pod group or gang that schedules together: present means `unsupported`. */
  readonly podGroup?: string;
  readonly priority?: number;
  readonly priorityClass?: string;
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
  readonly runtimeClass?: string;
  readonly qosClass?: 'Guaranteed' | 'Burstable' | 'BestEffort';
  /** Seconds; 30 when absent, as in Kubernetes. */
  readonly terminationGracePeriodSeconds?: number;
  /** Seconds from start to Ready as far as probes and minReadySeconds tell; absent when unknown. */
  readonly readinessSeconds?: number;
  /** Features a node must declare for this pod (NodeDeclaredFeatures, 1.36). */
  readonly requiredNodeFeatures?: readonly string[];
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

/** What one pod has beyond its template. Absent fields have the common value named at each. */
export interface PodExtra {
  /** `Running` when absent and bound to a node, `Pending` when absent and unbound. */
  readonly phase?: PodPhase;
  /** The Ready condition; when absent, `true` for a Running pod and `false` for any other. */
  readonly ready?: boolean;
  /** Set once the pod is terminating. */
  readonly deletionAtMs?: number;
  /** The one node name that this pod's matchFields allow. Left out of a DaemonSet pod that is bound there already. */
  readonly pinnedNode?: string;
  /** Claims named after this pod: volumeClaimTemplates and generic ephemeral volumes (in the pod's namespace). */
  readonly claims?: readonly string[];
  /** Labels beyond the template's: `statefulset.kubernetes.io/pod-name`, `apps.kubernetes.io/pod-index` and the like. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the pod holds on its node where that differs from the template's `needs` (in-place resize in flight). */
  readonly occupies?: ResourceAmounts;
  /** A mirror pod of a static pod: the kubelet owns it, it cannot be evicted. */
  readonly mirror?: boolean;
  readonly nominatedNode?: string;
}

/** Pods as columns of equal length; index `i` is the pod. Plain arrays, since typed arrays do not survive JSON. */
export interface PodTable {
  readonly count: number;
  readonly name: readonly string[];
  /** Index into `ClusterState.podTemplates`. */
  readonly template: readonly number[];
  /** Index into `ClusterState.workloads`; -1 for a bare pod (no owner). */
  readonly workload: readonly number[];
  /** Index into `ClusterState.nodes`; -1 while unbound. */
  readonly node: readonly number[];
  /** Seconds since the epoch, as precise as Kubernetes is; milliseconds would be half a megabyte of zeros in a large state. */
  readonly createdAtSeconds: readonly number[];
  /** Sparse: only pods that have something of their own. The key is the pod's index. */
  readonly extra: Readonly<Record<number, PodExtra>>;
}
