import type { WorkingCluster } from './working-cluster.js';

/**
 * Puts onto a new node the DaemonSet pods that will land there before any other pod. Returns the name of a DaemonSet that
 * wants the node but does not fit, and that a launch must not strand; undefined when all is well.
 */
export function landDaemonSets({ state, placement, place }: WorkingCluster, node: number): string | undefined {
  for (const pod of placement.daemonSetPods(node)) {
    if (!placement.isFeasible(pod, node)) {
      const workload = state.workloads[pod.workload];
      return `${workload?.namespace}/${workload?.name}`;
    }
    place(pod, node, -1);
  }
  return undefined;
}
