import type { ClusterState } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';

/** Input positions in the order of the scheduling queue: higher priority first, then older, then by name, then as given. */
export function queueOrder(pods: readonly IncomingPod[], state: ClusterState): number[] {
  const order = pods.map((_, position) => position);
  return order.sort((left, right) => {
    const [a, b] = [pods[left] as IncomingPod, pods[right] as IncomingPod];
    const byPriority = priorityOf(b, state) - priorityOf(a, state);
    if (byPriority !== 0) return byPriority;
    const byAge = (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0);
    if (byAge !== 0) return byAge;
    const [one, other] = [a.name ?? '', b.name ?? ''];
    return one < other ? -1 : one > other ? 1 : left - right;
  });
}

function priorityOf(pod: IncomingPod, state: ClusterState): number {
  return state.podTemplates[pod.template]?.priority ?? 0;
}
