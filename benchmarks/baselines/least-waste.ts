import { type ClusterState, sumUsd } from '@cloudoptim/core';
import type { IncomingPod } from '@cloudoptim/scheduling';
import type { Baseline } from './baseline.js';
import { createFirstFit, decreasing, emptied, type FirstFit } from './first-fit.js';
import { nodeOf, type Offer, offersOf } from './offerings.js';

/** Node groups as people make them for the Cluster Autoscaler: a few types, one group a zone. */
const usualTypes = [
  'm6a.large',
  'm6a.xlarge',
  'm6a.2xlarge',
  'm6a.4xlarge',
  'c6a.2xlarge',
  'r6a.2xlarge',
  'r6a.4xlarge',
];

/** At most this many nodes at once (`--max-nodes-per-scaleup`). */
const mostNodesAtOnce = 1000;

/**
 * Cluster Autoscaler's scale-up with the expander `least-waste`: for each node group it estimates by first-fit decreasing how
 * many nodes the waiting pods would need, takes the group that leaves the least cpu and memory idle, and asks again with the
 * pods that are left. Everything is packed anew, as if the cluster were scaled up from nothing.
 */
export function leastWaste(instanceTypes: readonly string[] = usualTypes): Baseline {
  return (state, market) => {
    const firstFit = createFirstFit(emptied(state));
    const groups = offersOf(state, market).filter(({ offering }) => instanceTypes.includes(offering.instanceType));
    const prices: number[] = [];
    let waiting = decreasing(state);
    while (waiting.length > 0) {
      let best: { readonly group: Offer; readonly nodes: number; readonly waste: number } | undefined;
      for (const group of groups) {
        const mark = firstFit.mark();
        const { nodes, waste } = scaleUp(firstFit, state, group, waiting, mostNodesAtOnce);
        firstFit.rollback(mark);
        if (nodes > 0 && (best === undefined || waste < best.waste)) best = { group, nodes, waste };
      }
      if (best === undefined) break;
      const { left } = scaleUp(firstFit, state, best.group, waiting, best.nodes);
      for (let node = 0; node < best.nodes; node++) prices.push(best.group.usdPerHour);
      waiting = left;
    }
    return {
      nodes: prices.length,
      usdPerHour: sumUsd(prices),
      evictions: decreasing(state, boundPods(state)).length,
      unplaced: waiting.length,
    };
  };
}

function scaleUp(firstFit: FirstFit, state: ClusterState, group: Offer, waiting: readonly IncomingPod[], most: number) {
  const left: IncomingPod[] = [];
  let [nodes, cpu, memory] = [0, 0, 0];
  for (const pod of waiting) {
    let placed = firstFit.place(pod) !== -1;
    if (!placed && nodes < most) {
      const mark = firstFit.placement.mark();
      const index = firstFit.addNode(nodeOf(state, group, `group-${firstFit.placement.nodeCount}`));
      placed = firstFit.placeOn(pod, index);
      if (placed) nodes++;
      else firstFit.placement.rollback(mark);
    }
    if (!placed) left.push(pod);
    else {
      const needs = state.podTemplates[pod.template]?.needs;
      cpu += needs?.cpuMillicores ?? 0;
      memory += needs?.memoryBytes ?? 0;
    }
  }
  const wasted = (used: number, each: number) => (nodes * each - used) / (nodes * each);
  return { nodes, left, waste: nodes === 0 ? 2 : wasted(cpu, group.cpu) + wasted(memory, group.memory) };
}

function boundPods(state: ClusterState): number[] {
  return state.pods.node.flatMap((node, pod) => (node >= 0 ? [pod] : []));
}
