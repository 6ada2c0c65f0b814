import { type ClusterState, isTerminal, isTerminating, podCreatedAtMs } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';

/** The pods of a state that wait for a node, in the state's order: what kube-scheduler has in its queue. */
export function pendingPods(state: ClusterState): IncomingPod[] {
  const { template, workload, node, name, extra, count } = state.pods;
  const pods: IncomingPod[] = [];
  for (let pod = 0; pod < count; pod++) {
    if (node[pod] !== -1) continue;
    const own = extra[pod];
    if (own !== undefined && (isTerminal(state, pod) || isTerminating(state, pod))) continue;
    const incoming = {
      template: template[pod] as number,
      workload: workload[pod] as number,
      name: name[pod] as string,
      createdAtMs: podCreatedAtMs(state, pod),
    };
    // Of one shape where nothing is their own: objects that differ in shape are read more slowly ever after.
    pods.push(own === undefined ? incoming : { ...incoming, extra: own });
  }
  return pods;
}
