import { fits, type IncomingPod } from '@cloudoptim/scheduling';
import type { WorkingCluster } from './working-cluster.js';

/**
 * Puts onto a new node the DaemonSet pods that will land there before any other pod. Returns the name of a DaemonSet that
 * wants the node but does not fit, and that a launch must not strand; undefined when all is well.
 */
export function landDaemonSets(cluster: WorkingCluster, node: number): string | undefined {
  const { state, placement } = cluster;
  const name = placement.node(node)?.name;
  if (name === undefined) throw new RangeError(`Node ${node} is not there.`);
  for (const [index, workload] of state.workloads.entries()) {
    if (workload.kind !== 'DaemonSet' || workload.successorTemplate < 0) continue;
    const pod: IncomingPod = { template: workload.successorTemplate, workload: index, extra: { pinnedNode: name } };
    const answer = fits(pod, node, placement);
    if (answer.answer === 'feasible') cluster.place(pod, node, -1);
    else if (answer.answer === 'unsupported' || answer.plugin === 'NodeResourcesFit' || answer.plugin === 'NodePorts') {
      return `${workload.namespace}/${workload.name}`;
    }
  }
  return undefined;
}
