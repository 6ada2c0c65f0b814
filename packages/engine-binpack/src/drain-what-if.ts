import { type ClusterState, podTemplate, type Reason } from '@cloudoptim/core';
import { type IncomingPod, shuffled, successorOf } from '@cloudoptim/scheduling';
import { drainOrder } from './moving-pods.js';
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
 * caller then rolls the working cluster back. Pods that nobody replaces stay on the node and go with it. With `random` pods go in
 * an order that is drawn, as are ties of the scheduler.
 */
export function drainWhatIf(
  cluster: WorkingCluster,
  node: number,
  record?: (move: Move) => void,
  random?: () => number,
): DrainFailure | undefined {
  const pods = drainOrder(cluster, node);
  for (const pod of random === undefined ? pods : shuffled(pods, random)) {
    const failure = evictWhatIf(cluster, pod, record, random);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Evicts one pod and places its successor, as a drain does. */
export function evictWhatIf(
  cluster: WorkingCluster,
  pod: number,
  record?: (move: Move) => void,
  random?: () => number,
): DrainFailure | undefined {
  const { state } = cluster;
  const from = cluster.placement.nodeOf(pod);
  const origin = cluster.originOf(pod);
  let incoming = cluster.incoming(pod);
  if (pod < state.pods.count) {
    const successor = successorOf(state, pod);
    if ('unknown' in successor) return { reason: successor.unknown, pod };
    // Nothing would bring it back: whatever the policy's pins say, a plan of this engine loses no pod.
    if ('none' in successor) return { reason: successor.none, pod };
    const answer = cluster.budgets.allowed(pod);
    if (!answer.allowed) return { reason: answer.reason, pod };
    cluster.evict(pod, answer);
    incoming = successor;
  } else {
    if (incoming === undefined) throw new Error(`Pod ${pod} was placed by nobody.`);
    cluster.unplace(pod);
  }
  const target = cluster.choose(incoming, random);
  if (target === -1) return { pod: origin, incoming };
  const placed = cluster.place(incoming, target, origin);
  if (pod < state.pods.count) cluster.budgets.ready(placed);
  if (origin >= 0 && state.pods.node[origin] !== -1) record?.({ pod: origin, from, to: target });
  return undefined;
}

/** `namespace/name`, for sentences. */
export function podName(state: ClusterState, pod: number): string {
  return `${podTemplate(state, pod).namespace}/${state.pods.name[pod]}`;
}
