/** A kind of Kubernetes object that a ClusterState has a place for. */
export interface KubernetesKind {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The version to ask the API for; other versions of the group convert as well where their fields agree. */
  readonly version: string;
  /** Plural, as in API paths and `kubectl get`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

/** Every kind that `fromKubernetes` reads, in the order in which listing them is most useful. */
export const kubernetesKinds: readonly KubernetesKind[] = [
  cluster('Namespace', '', 'v1', 'namespaces', 'ns'),
  cluster('Node', '', 'v1', 'nodes', 'no'),
  namespaced('Pod', '', 'v1', 'pods', 'po'),
  namespaced('Deployment', 'apps', 'v1', 'deployments', 'deploy'),
  namespaced('ReplicaSet', 'apps', 'v1', 'replicasets', 'rs'),
  namespaced('StatefulSet', 'apps', 'v1', 'statefulsets', 'sts'),
  namespaced('DaemonSet', 'apps', 'v1', 'daemonsets', 'ds'),
  namespaced('ReplicationController', '', 'v1', 'replicationcontrollers', 'rc'),
  namespaced('Job', 'batch', 'v1', 'jobs'),
  namespaced('CronJob', 'batch', 'v1', 'cronjobs', 'cj'),
  namespaced('PodDisruptionBudget', 'policy', 'v1', 'poddisruptionbudgets', 'pdb'),
  namespaced('PersistentVolumeClaim', '', 'v1', 'persistentvolumeclaims', 'pvc'),
  cluster('PersistentVolume', '', 'v1', 'persistentvolumes', 'pv'),
  cluster('StorageClass', 'storage.k8s.io', 'v1', 'storageclasses', 'sc'),
  cluster('CSINode', 'storage.k8s.io', 'v1', 'csinodes'),
  cluster('CSIDriver', 'storage.k8s.io', 'v1', 'csidrivers'),
  namespaced('CSIStorageCapacity', 'storage.k8s.io', 'v1', 'csistoragecapacities'),
  cluster('VolumeAttachment', 'storage.k8s.io', 'v1', 'volumeattachments'),
  namespaced('HorizontalPodAutoscaler', 'autoscaling', 'v2', 'horizontalpodautoscalers', 'hpa'),
  cluster('PriorityClass', 'scheduling.k8s.io', 'v1', 'priorityclasses', 'pc'),
  cluster('RuntimeClass', 'node.k8s.io', 'v1', 'runtimeclasses'),
  namespaced('LimitRange', '', 'v1', 'limitranges', 'limits'),
  namespaced('ResourceQuota', '', 'v1', 'resourcequotas', 'quota'),
  namespaced('ResourceClaim', 'resource.k8s.io', 'v1', 'resourceclaims'),
  cluster('ResourceSlice', 'resource.k8s.io', 'v1', 'resourceslices'),
  cluster('DeviceClass', 'resource.k8s.io', 'v1', 'deviceclasses'),
  namespaced('Service', '', 'v1', 'services', 'svc'),
  namespaced('EndpointSlice', 'discovery.k8s.io', 'v1', 'endpointslices'),
  cluster('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'),
  cluster('MutatingWebhookConfiguration', 'admissionregistration.k8s.io', 'v1', 'mutatingwebhookconfigurations'),
  cluster('NodePool', 'karpenter.sh', 'v1', 'nodepools'),
  cluster('NodeClaim', 'karpenter.sh', 'v1', 'nodeclaims'),
  cluster('NodeOverlay', 'karpenter.sh', 'v1alpha1', 'nodeoverlays'),
  cluster('EC2NodeClass', 'karpenter.k8s.aws', 'v1', 'ec2nodeclasses'),
  cluster('NodeClass', 'eks.amazonaws.com', 'v1', 'nodeclasses'),
];

/** Groups that served a kind before it moved. */
const formerGroups: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['extensions'],
  DaemonSet: ['extensions'],
  ReplicaSet: ['extensions'],
};

const byGroupAndKind = new Map<string, KubernetesKind>();
const byAnyName = new Map<string, KubernetesKind>();
for (const one of kubernetesKinds) {
  for (const group of [one.group, ...(formerGroups[one.kind] ?? [])]) byGroupAndKind.set(`${group}/${one.kind}`, one);
  for (const name of [one.kind, one.resource, `${one.resource}.${one.group}`, ...one.shortNames])
    byAnyName.set(name.toLowerCase(), one);
}
const byKind = new Map(kubernetesKinds.map((one) => [one.kind, one]));

/** The kind of an object; `Service` of Knative is not `Service` of Kubernetes. Without an apiVersion the kind alone decides. */
export function kindOfObject(apiVersion: unknown, kind: string): KubernetesKind | undefined {
  if (typeof apiVersion !== 'string' || apiVersion === '') return byKind.get(kind);
  return byGroupAndKind.get(`${groupOf(apiVersion)}/${kind}`);
}

/** Finds a kind by what people write: `Pod`, `pods`, `po`, `deployments.apps`. */
export function findKind(name: string): KubernetesKind | undefined {
  return byAnyName.get(name.trim().toLowerCase());
}

/** The API path that lists a kind in the whole cluster, for `kubectl get --raw`. */
export function listPath({ group, version, resource }: KubernetesKind): string {
  return group === '' ? `/api/${version}/${resource}` : `/apis/${group}/${version}/${resource}`;
}

/** `apps` of `apps/v1`, nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function cluster(
  kind: string,
  group: string,
  version: string,
  resource: string,
  ...shortNames: string[]
): KubernetesKind {
  return { kind, group, version, resource, namespaced: false, shortNames };
}

function namespaced(
  kind: string,
  group: string,
  version: string,
  resource: string,
  ...shortNames: string[]
): KubernetesKind {
  return { kind, group, version, resource, namespaced: true, shortNames };
}
