import { type ClusterState, isDaemonSetPod, isTerminating, podExtra, podTemplate, type Reason } from '@cloudoptim/core';
import { type IncomingPod, successorOf } from '@cloudoptim/scheduling';
import type { WorkingCluster } from './working-cluster.js';

/** Why a node cannot be emptied: `pod` (where there is one) is the pod of the state that has nowhere to go. */
export interface DrainFailure {
  readonly reason?: Reason;
  readonly pod?: number;
  readonly incoming?: IncomingPod;
}

/** Where one evicted pod of the state is expected to run next. */
export interface Move {
  readonly pod: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Empties a closed node, pod by pod: evict, place the successor where kube-scheduler would, next. Returns why it failed; the
 * caller then rolls the working cluster back. Pods that nobody replaces stay on the node and go with it.
 */
export function drainWhatIf(
  cluster: WorkingCluster,
  node: number,
  record?: (move: Move) => void,
): DrainFailure | undefined {
  for (const pod of drainOrder(cluster, node)) {
    const { state } = cluster;
    const origin = cluster.originOf(pod);
    let incoming = cluster.incoming(pod);
    if (pod < state.pods.count) {
      const successor = successorOf(state, pod);
      if ('unknown' in successor) return { reason: successor.unknown, pod };
      // Nothing would bring it back: whatever the policy's pins say, a plan of this engine loses no pod.
      if ('none' in successor) return { reason: successor.none, pod };
      const answer = cluster.budgets.allowed(pod);
      if (!answer.allowed) return { reason: answer.reason, pod };
      cluster.evict(pod);
      incoming = successor;
    } else {
      if (incoming === undefined) throw new Error(`Pod ${pod} was placed by nobody.`);
      cluster.unplace(pod);
    }
    const target = cluster.choose(incoming);
    if (target === -1) return { pod: origin, incoming };
    const placed = cluster.place(incoming, target, origin);
    if (pod < state.pods.count) cluster.budgets.ready(placed);
    if (origin >= 0 && state.pods.node[origin] !== -1) record?.({ pod: origin, from: node, to: target });
  }
  return undefined;
}

/**
 * Pods of the node that must find another: those with rules beyond size first (a host port has few places left once others
 * took the room), then large ones, since small ones find gaps later. Pods of equal templates stay together, because a drain
 * lists pods by template.
 */
export function drainOrder(cluster: WorkingCluster, node: number): number[] {
  const { placement, state } = cluster;
  const pods = placement.podsOn(node).filter((pod) => mustMove(cluster, pod));
  const choosy = (pod: number) => (isChoosy(state, placement.templateOf(pod)) ? 1 : 0);
  const size = (pod: number) => podSize(state, placement.templateOf(pod));
  return pods.sort(
    (a, b) => choosy(b) - choosy(a) || size(b) - size(a) || placement.templateOf(a) - placement.templateOf(b) || a - b,
  );
}

/** Whether anything but room decides where the template's pods go. */
function isChoosy(state: ClusterState, index: number): boolean {
  const template = state.podTemplates[index];
  if (template === undefined) return false;
  const { hostPorts, nodeSelector, nodeAffinity, podAffinity, podAntiAffinity, topologySpread, volumes } = template;
  return (
    (hostPorts?.length ?? 0) > 0 ||
    nodeSelector !== undefined ||
    nodeAffinity?.required !== undefined ||
    (podAffinity?.required?.length ?? 0) > 0 ||
    (podAntiAffinity?.required?.length ?? 0) > 0 ||
    topologySpread?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') === true ||
    volumes?.some(({ kind }) => kind === 'claim' || kind === 'ephemeral') === true
  );
}

/** One number for how hard a template is to place: cores, and memory at four GiB a core. */
export function podSize(state: ClusterState, template: number): number {
  const needs = state.podTemplates[template]?.needs;
  return needs === undefined ? 0 : needs.cpuMillicores / 1000 + needs.memoryBytes / 2 ** 32;
}

/** Whether the pod has to find another node when its node goes: not DaemonSet pods, nor static ones. */
function mustMove({ state, placement }: WorkingCluster, pod: number): boolean {
  if (pod < state.pods.count) return isEvictable(state, pod);
  return state.workloads[placement.workloadOf(pod)]?.kind !== 'DaemonSet';
}

/** Whether a drain evicts this pod of the state: not of a DaemonSet, not the kubelet's own, and not going anyway. */
export function isEvictable(state: ClusterState, pod: number): boolean {
  return !isDaemonSetPod(state, pod) && podExtra(state, pod).mirror !== true && !isTerminating(state, pod);
}

/** `namespace/name`, for sentences. */
export function podName(state: ClusterState, pod: number): string {
  return `${podTemplate(state, pod).namespace}/${state.pods.name[pod]}`;
}
