import {
  type ClusterState,
  isDaemonSetPod,
  type Policy,
  podAnnotations,
  podCreatedAtMs,
  podExtra,
  podTemplate,
} from '@cloudoptim/core';
import type { AnswerLaw, Finding } from './law.js';
import { disturbedNode, evictedPods } from './plan-effects.js';

/** Opt-outs of people and peers, pins and namespaces of the policy: what they protect is neither evicted nor changed. */
export const optOutsHonoured: AnswerLaw = ({ inputs: { cluster }, policy, now, response }) => {
  for (const { actions } of response.plan.groups) {
    for (const action of actions) {
      const namespace = 'workload' in action ? action.workload.namespace : undefined;
      if (namespace !== undefined && !actsIn(policy, namespace)) return `${action.id} acts in namespace ${namespace}`;
      const node = disturbedNode(cluster, action);
      const finding = node === undefined ? undefined : protectedNode(cluster, node, policy, now);
      if (finding !== undefined) return `${action.id} disturbs ${finding}`;
      for (const pod of evictedPods(cluster, action)) {
        const reason = protectedPod(cluster, pod, policy, now);
        if (reason !== undefined) return `${action.id} evicts ${cluster.pods.name[pod]}, ${reason}`;
      }
    }
  }
  return undefined;
};

function actsIn({ namespaces: { include, exclude } }: Policy, namespace: string): boolean {
  return !exclude.includes(namespace) && (include.length === 0 || include.includes(namespace));
}

function protectedNode(state: ClusterState, index: number, policy: Policy, now: number): Finding {
  const node = state.nodes[index];
  if (node === undefined) return undefined;
  const annotations = node.annotations ?? {};
  if (policy.optOuts.doNotDisrupt && isActive(annotations[doNotDisrupt], node.createdAtMs, now)) {
    return `${node.name}, which carries ${doNotDisrupt}`;
  }
  if (policy.optOuts.scaleDownDisabled && annotations[scaleDownDisabled] === 'true') {
    return `${node.name}, which carries ${scaleDownDisabled}`;
  }
  return node.owner.kind === 'unknown' ? `${node.name}, whose owner is unknown` : undefined;
}

function protectedPod(state: ClusterState, pod: number, policy: Policy, now: number): Finding {
  const annotations = podAnnotations(state, pod);
  const template = podTemplate(state, pod);
  const workload = state.workloads[state.pods.workload[pod] as number];
  const { pins, optOuts } = policy;
  if (optOuts.doNotDisrupt && isActive(annotations[doNotDisrupt], podCreatedAtMs(state, pod), now)) {
    return `which carries ${doNotDisrupt}`;
  }
  if (optOuts.safeToEvict && annotations[safeToEvict] === 'false') return `which carries ${safeToEvict}`;
  if (podExtra(state, pod).mirror === true) return 'which is a mirror pod';
  if (policy.namespaces.exclude.includes(template.namespace)) return `which is in namespace ${template.namespace}`;
  if (workload === undefined && pins.barePods) return 'which has no controller';
  if (workload?.kind === 'Job' && pins.jobs) return 'whose work would be lost';
  const volumes = new Set((template.volumes ?? []).map((volume) => volume.kind));
  if (pins.hostPath && volumes.has('host-path') && !isDaemonSetPod(state, pod)) return 'which has a hostPath volume';
  return pins.emptyDir && volumes.has('empty-dir') ? 'which has an emptyDir volume' : undefined;
}

const doNotDisrupt = 'karpenter.sh/do-not-disrupt';
const safeToEvict = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const scaleDownDisabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';

/** `true` holds for ever, a duration such as `1h30m` until that long after creation (karpenter.sh/v1). */
function isActive(value: string | undefined, createdAtMs: number, now: number): boolean {
  if (value === undefined || value === 'false' || value === '') return false;
  if (value === 'true') return true;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([text]) => text).join('') !== value) return false;
  const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };
  const duration = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit as string] as number),
    0,
  );
  return createdAtMs + duration > now;
}
