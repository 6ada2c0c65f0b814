import type { ClusterState, Reason } from '@cloudoptim/core';
import { type Labels, labelOf } from './labels.js';
import { isPodReady, labelsOfPod, namespaceOfPod, ownerOfPod } from './placed-pod.js';
import type { Placement } from './placement.js';

/** Pods of which one must stay Ready at all times, or else no pod at all could start or find its peers. */
export interface CriticalSet {
  readonly code: 'webhook-backend-drained' | 'last-CNI-or-DNS-replica';
  readonly what: string;
  readonly pods: ReadonlySet<number>;
  /** Workloads whose new pods take over once they are Ready. */
  readonly workloads: ReadonlySet<number>;
}

/** Names by which cluster DNS and CNI controllers are known (`k8s-app`, `app.kubernetes.io/name`). DaemonSets are per node. */
const dnsOrCni: ReadonlySet<string> = new Set([
  'kube-dns',
  'coredns',
  'calico-kube-controllers',
  'calico-typha',
  'cilium-operator',
  'antrea-controller',
  'ovnkube-control-plane',
]);

/** The critical sets of a state: backends of webhooks that fail closed on pods, and replicas of DNS and CNI controllers. */
export function criticalSets(placement: Placement): readonly CriticalSet[] {
  return [...webhookBackends(placement), ...dnsAndCni(placement)];
}

/**
 * Ready members that are still bound, counting pods placed since for the workloads of the set. A terminating pod may be gone
 * the next moment, so nobody counts on it.
 */
export function readyMembers(placement: Placement, set: CriticalSet, without?: (pod: number) => boolean): number {
  let ready = 0;
  const counts = (pod: number) =>
    placement.nodeOf(pod) !== -1 &&
    isPodReady(placement, pod) &&
    placement.extraOf(pod).deletionAtMs === undefined &&
    !without?.(pod);
  for (const pod of set.pods) if (counts(pod)) ready++;
  for (let pod = placement.state.pods.count; pod < placement.podCount; pod++)
    if (set.workloads.has(placement.workloadOf(pod)) && counts(pod)) ready++;
  return ready;
}

export function criticalReason({ code, what }: CriticalSet, pod: string): Reason {
  return { code, message: `Without ${pod}, ${what} would have no Ready pod left, and new pods could not start.` };
}

function webhookBackends(placement: Placement): CriticalSet[] {
  const { state } = placement;
  const webhooks = state.admissionWebhooks.filter(
    ({ failurePolicy, matchesPods, service }) => failurePolicy === 'Fail' && matchesPods && service !== undefined,
  );
  const byName = new Map<string, number>();
  for (let pod = 0; webhooks.length > 0 && pod < state.pods.count; pod++)
    byName.set(`${namespaceOfPod(placement, pod)}/${state.pods.name[pod]}`, pod);
  return webhooks.flatMap((webhook): CriticalSet[] => {
    const { service } = webhook;
    if (service === undefined) return [];
    const pods = backendsOf(state, service, byName).filter((pod) => placement.nodeOf(pod) !== -1);
    if (pods.length === 0 || pods.every((pod) => ownerOfPod(placement, pod)?.kind === 'DaemonSet')) return [];
    return [
      {
        code: 'webhook-backend-drained',
        what: `the webhook ${webhook.name} (service ${service.namespace}/${service.name}, failurePolicy Fail)`,
        pods: new Set(pods),
        workloads: workloadsOf(placement, pods),
      },
    ];
  });
}

function backendsOf(
  state: ClusterState,
  service: { readonly namespace: string; readonly name: string },
  byName: ReadonlyMap<string, number>,
): number[] {
  return state.serviceBackends
    .filter((backend) => backend.namespace === service.namespace && backend.service === service.name)
    .flatMap((backend) => backend.pods)
    .filter((pod) => pod.ready)
    .flatMap((pod) => byName.get(`${pod.namespace}/${pod.name}`) ?? []);
}

function dnsAndCni(placement: Placement): CriticalSet[] {
  const members = new Map<string, number[]>();
  const ofTemplates = placement.state.podTemplates.map(({ labels }) => dnsOrCniName(labels));
  for (let pod = 0; pod < placement.state.pods.count; pod++) {
    const name =
      placement.extraOf(pod).labels === undefined
        ? ofTemplates[placement.templateOf(pod)]
        : dnsOrCniName(labelsOfPod(placement, pod));
    if (name === undefined) continue;
    if (placement.nodeOf(pod) === -1 || ownerOfPod(placement, pod)?.kind === 'DaemonSet') continue;
    members.set(name, [...(members.get(name) ?? []), pod]);
  }
  return [...members].map(([name, pods]) => ({
    code: 'last-CNI-or-DNS-replica',
    what: name,
    pods: new Set(pods),
    workloads: workloadsOf(placement, pods),
  }));
}

function dnsOrCniName(labels: Labels): string | undefined {
  const name = labelOf(labels, 'k8s-app') ?? labelOf(labels, 'app.kubernetes.io/name');
  return name !== undefined && dnsOrCni.has(name) ? name : undefined;
}

function workloadsOf(placement: Placement, pods: readonly number[]): ReadonlySet<number> {
  return new Set(pods.map((pod) => placement.workloadOf(pod)).filter((workload) => workload >= 0));
}
