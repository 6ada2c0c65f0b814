import { type ClusterState, isDaemonSetPod, podExtra } from '@cloudoptim/core';
import type { IncomingPod } from '@cloudoptim/scheduling';
import type { WorkingCluster } from './working-cluster.js';

/**
 * Pods that wait for a node and find room today get it first: a node that they are about to use is not empty, and removing it
 * would only have it launched again.
 */
export function seatWaiting(cluster: WorkingCluster): void {
  const refused = new Set<number>();
  for (const pod of cluster.waiting) {
    const template = cluster.state.pods.template[pod] as number;
    const isPlain = cluster.state.pods.extra[pod] === undefined;
    // Of thousands of pods that are alike, one is asked for.
    if (cluster.isSeated(pod) || (isPlain && refused.has(template))) continue;
    const incoming = incomingOf(cluster.state, pod);
    const node = cluster.choose(incoming);
    if (node !== -1) cluster.place(incoming, node, pod);
    else if (isPlain) refused.add(template);
  }
}

/** Those that still wait get onto a new node, as they will before any pod is drained for which it was launched. */
export function seatOn(cluster: WorkingCluster, node: number): void {
  const { state, placement } = cluster;
  const refused = new Set<number>();
  for (const pod of cluster.waiting) {
    const template = state.pods.template[pod] as number;
    const isPlain = state.pods.extra[pod] === undefined;
    // Of thousands of pods that are alike, one is asked for.
    if (cluster.isSeated(pod) || (isPlain && refused.has(template))) continue;
    const incoming = incomingOf(state, pod);
    if (placement.isFeasible(incoming, node)) cluster.place(incoming, node, pod);
    else if (isPlain) refused.add(template);
  }
}

/** Pods of the state that wait for a node and may get one, in the order of the scheduling queue. */
export function waitingPods(state: ClusterState): readonly number[] {
  const waiting: number[] = [];
  for (let pod = 0; pod < state.pods.count; pod++) {
    const { phase, deletionAtMs } = podExtra(state, pod);
    if (state.pods.node[pod] !== -1 || deletionAtMs !== undefined || phase === 'Succeeded' || phase === 'Failed')
      continue;
    if (!isDaemonSetPod(state, pod)) waiting.push(pod);
  }
  const priority = (pod: number) => state.podTemplates[state.pods.template[pod] as number]?.priority ?? 0;
  const created = (pod: number) => state.pods.createdAtSeconds[pod] as number;
  return waiting.sort((a, b) => priority(b) - priority(a) || created(a) - created(b) || a - b);
}

function incomingOf({ pods }: ClusterState, pod: number): IncomingPod {
  const extra = pods.extra[pod];
  return {
    template: pods.template[pod] as number,
    workload: pods.workload[pod] as number,
    name: pods.name[pod] as string,
    ...(extra !== undefined && { extra }),
  };
}
