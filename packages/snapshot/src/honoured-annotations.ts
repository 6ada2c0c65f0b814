/**
 * The annotations that CloudOptim reads; all others are left out of a ClusterState and removed by redaction, since they may
 * repeat whole manifests. One list, so that what is honoured can be read in one place.
 */
const honoured: ReadonlySet<string> = new Set([
  // Karpenter: `true`, or a duration for which pods and nodes stay (karpenter.sh/docs, disruption).
  'karpenter.sh/do-not-disrupt',
  'karpenter.sh/do-not-evict',
  'karpenter.sh/do-not-consolidate',
  // Cluster Autoscaler FAQ.
  'cluster-autoscaler.kubernetes.io/safe-to-evict',
  'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes',
  'cluster-autoscaler.kubernetes.io/scale-down-disabled',
  'cluster-autoscaler.kubernetes.io/daemonset-pod',
  'cluster-autoscaler.kubernetes.io/enable-ds-eviction',
  // ReplicaSet controller: which pod goes first when it scales down (KEP-2255).
  'controller.kubernetes.io/pod-deletion-cost',
  // Descheduler.
  'descheduler.alpha.kubernetes.io/evict',
  'descheduler.alpha.kubernetes.io/prefer-no-eviction',
  // Argo CD: a live change would be reverted.
  'argocd.argoproj.io/tracking-id',
  // Gangs of Volcano and of YuniKorn: they schedule together or not at all.
  'scheduling.k8s.io/group-name',
  'yunikorn.apache.org/task-group-name',
  // Admission by namespace: PodNodeSelector and PodTolerationRestriction.
  'scheduler.alpha.kubernetes.io/node-selector',
  'scheduler.alpha.kubernetes.io/defaultTolerations',
  // KEDA.
  'autoscaling.keda.sh/paused-replicas',
  'autoscaling.keda.sh/paused',
  // Cast AI and KRR.
  'workloads.cast.ai/configuration',
  'autoscaling.cast.ai/removal-disabled',
  'admission.robusta.dev/krr-mutation-mode',
  // Kilter.
  'kilter.dev/mode',
  'kilter.dev/do-not-evict',
  'kilter.dev/freeze',
  'kilter.dev/hourly-cost',
]);

/** Families of annotations: py-kube-downscaler's schedules, Kubecost's request sizing and our own. */
const honouredPrefixes = ['downscaler/', 'request.autoscaling.kubecost.com/', 'cloudoptim.io/'];

export function isHonouredAnnotation(key: string): boolean {
  return honoured.has(key) || honouredPrefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * Annotations that the conversion itself reads and that say nothing of a user's data. Redaction keeps them as well, or else a
 * redacted dump would convert to another state.
 */
const structural: ReadonlySet<string> = new Set([
  'kubernetes.io/config.mirror',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'volume.kubernetes.io/selected-node',
  'volume.beta.kubernetes.io/storage-class',
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]);

export function isStructuralAnnotation(key: string): boolean {
  return structural.has(key);
}
