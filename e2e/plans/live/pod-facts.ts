import type { LiveNode, LivePod } from './live-cluster.js';

export function isTerminal({ status }: LivePod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

export function isTerminating({ metadata }: LivePod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Ready and not on its way out: what a budget counts as healthy. */
export function isHealthy(pod: LivePod): boolean {
  return !isTerminating(pod) && isReady(pod);
}

export function isReady(object: LivePod | LiveNode): boolean {
  return readyCondition(object)?.status === 'True';
}

export function readyCondition(object: LivePod | LiveNode) {
  return condition(object, 'Ready');
}

/** The scheduler has looked at it and found no node. */
export function isUnschedulable(pod: LivePod): boolean {
  return isUnscheduled(pod, 'Unschedulable');
}

/** The scheduler does not look at it. */
export function isGated(pod: LivePod): boolean {
  return isUnscheduled(pod, 'SchedulingGated');
}

function isUnscheduled(pod: LivePod, why: string): boolean {
  const scheduled = condition(pod, 'PodScheduled');
  return pod.spec.nodeName === undefined && scheduled?.status === 'False' && scheduled.reason === why;
}

/** The scheduler ends it to make room for a pod of higher priority. */
export function isPreempted(pod: LivePod): boolean {
  return condition(pod, 'DisruptionTarget')?.reason === 'PreemptionByScheduler';
}

export function ownerOf({ metadata }: LivePod) {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** The controller's uid; a bare pod stands for itself. */
export function ownerKey(pod: LivePod): string {
  return ownerOf(pod)?.uid ?? pod.metadata.uid;
}

/** Pods that a drain evicts: not those of DaemonSets, not those that have ended or are ending. */
export function isEvictable(pod: LivePod): boolean {
  return ownerOf(pod)?.kind !== 'DaemonSet' && !isTerminal(pod) && !isTerminating(pod);
}

/** Ready, and the taint that admission gives a new node is gone. */
export function takesPods(node: LiveNode): boolean {
  return isReady(node) && !(node.spec.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/not-ready');
}

function condition({ status }: LivePod | LiveNode, type: string) {
  return status.conditions?.find((entry) => entry.type === type);
}
