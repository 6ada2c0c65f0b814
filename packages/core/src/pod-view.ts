import type { ClusterState } from './cluster-state.js';
import type { PodExtra, PodPhase, PodTemplate } from './pod.js';
import type { ResourceAmounts } from './resources.js';

const nothing: PodExtra = {};

/** What pod `pod` has of its own beyond its template. */
export function podExtra(state: ClusterState, pod: number): PodExtra {
  return state.pods.extra[pod] ?? nothing;
}

export function podTemplate(state: ClusterState, pod: number): PodTemplate {
  const template = state.podTemplates[state.pods.template[pod] as number];
  if (template === undefined) throw new RangeError(`Pod ${pod} refers to a template that is not in the state.`);
  return template;
}

export function podLabels(state: ClusterState, pod: number): Readonly<Record<string, string>> {
  const own = podExtra(state, pod).labels;
  const shared = podTemplate(state, pod).labels;
  return own === undefined ? shared : { ...shared, ...own };
}

export function podAnnotations(state: ClusterState, pod: number): Readonly<Record<string, string>> {
  return { ...podTemplate(state, pod).annotations, ...podExtra(state, pod).annotations };
}

export function podPhase(state: ClusterState, pod: number): PodPhase {
  return podExtra(state, pod).phase ?? (state.pods.node[pod] === -1 ? 'Pending' : 'Running');
}

/** When the pod was created, in milliseconds since the epoch. */
export function podCreatedAtMs(state: ClusterState, pod: number): number {
  return (state.pods.createdAtSeconds[pod] as number) * 1000;
}

/** Succeeded and Failed pods hold nothing. */
export function isTerminal(state: ClusterState, pod: number): boolean {
  const phase = podExtra(state, pod).phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

export function isTerminating(state: ClusterState, pod: number): boolean {
  return podExtra(state, pod).deletionAtMs !== undefined;
}

/** The Ready condition; Running pods are Ready and others are not, unless said otherwise. */
export function isReady(state: ClusterState, pod: number): boolean {
  return podExtra(state, pod).ready ?? podPhase(state, pod) === 'Running';
}

/** What the pod holds on its node now, an in-place resize in flight included. */
export function podOccupies(state: ClusterState, pod: number): ResourceAmounts {
  return podExtra(state, pod).occupies ?? podTemplate(state, pod).needs;
}

/** Names of all claims of the pod, in its namespace. */
export function podClaims(state: ClusterState, pod: number): readonly string[] {
  const claims = [...(podExtra(state, pod).claims ?? [])];
  for (const volume of podTemplate(state, pod).volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
  return claims;
}

export function isDaemonSetPod(state: ClusterState, pod: number): boolean {
  return state.workloads[state.pods.workload[pod] as number]?.kind === 'DaemonSet';
}

/** Pod indices by node index, in table order; terminal pods are left out, since they hold nothing. */
export function podsByNode(state: ClusterState): number[][] {
  const lists: number[][] = state.nodes.map(() => []);
  for (let pod = 0; pod < state.pods.count; pod++) {
    const node = state.pods.node[pod] as number;
    if (node >= 0 && !isTerminal(state, pod)) lists[node]?.push(pod);
  }
  return lists;
}
