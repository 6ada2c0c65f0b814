import type { KubernetesObject } from '../rig/api-client.js';

/** The parts of Kubernetes objects that the differential writes and rewrites, as the API spells them. */

export type Texts = Record<string, string>;

export interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface Selector {
  matchLabels?: Texts;
  matchExpressions?: Requirement[];
}

export interface NodeTerm {
  matchExpressions?: Requirement[];
  matchFields?: Requirement[];
}

export interface PodTerm {
  topologyKey: string;
  labelSelector?: Selector;
  namespaces?: string[];
  namespaceSelector?: Selector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export interface Spread {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: Selector;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  matchLabelKeys?: string[];
}

export interface Port {
  containerPort: number;
  hostPort?: number;
  hostIP?: string;
  protocol?: string;
}

export interface Amounts {
  requests?: Texts;
  limits?: Texts;
}

export interface Container {
  name: string;
  image: string;
  restartPolicy?: string;
  resources?: Amounts;
  ports?: Port[];
}

interface Affinity {
  nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeTerm[] } };
  podAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: PodTerm[] };
  podAntiAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: PodTerm[] };
}

export interface PodVolume {
  name: string;
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  awsElasticBlockStore?: { volumeID: string; readOnly?: boolean };
  ephemeral?: { volumeClaimTemplate: { spec: ClaimSpec } };
  [source: string]: unknown;
}

interface ClaimSpec {
  accessModes: string[];
  resources: { requests: Texts };
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
  selector?: Selector;
}

export interface PodSpec {
  nodeName?: string;
  nodeSelector?: Texts;
  affinity?: Affinity;
  tolerations?: Toleration[];
  topologySpreadConstraints?: Spread[];
  schedulingGates?: { name: string }[];
  hostNetwork?: boolean;
  runtimeClassName?: string;
  overhead?: Texts;
  resources?: Amounts;
  containers: Container[];
  initContainers?: Container[];
  volumes?: PodVolume[];
  priorityClassName?: string;
  priority?: number;
  terminationGracePeriodSeconds?: number;
  [field: string]: unknown;
}

export interface Pod extends KubernetesObject {
  metadata: { name: string; namespace: string; labels?: Texts; deletionTimestamp?: string; [field: string]: unknown };
  spec: PodSpec;
  status?: { phase?: string; [field: string]: unknown };
}

export interface Node extends KubernetesObject {
  metadata: { name: string; labels: Texts; [field: string]: unknown };
  spec: { taints?: Taint[]; unschedulable?: boolean; [field: string]: unknown };
  status: { allocatable: Texts; [field: string]: unknown };
}

export function isPod(object: KubernetesObject): object is Pod {
  return object.kind === 'Pod';
}

export function isNode(object: KubernetesObject): object is Node {
  return object.kind === 'Node';
}

/** A copy that `change` may edit; undefined when it says that nothing changed. */
export function edited<T extends KubernetesObject>(object: T, change: (copy: T) => boolean): T | undefined {
  const copy = structuredClone(object);
  return change(copy) ? copy : undefined;
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';

/** Required node affinity terms of a pod; a place to write when it has none. */
export function nodeTerms(pod: Pod): NodeTerm[] {
  return pod.spec.affinity?.nodeAffinity?.[required]?.nodeSelectorTerms ?? [];
}

export function affinityTerms(pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): PodTerm[] {
  return pod.spec.affinity?.[kind]?.[required] ?? [];
}
