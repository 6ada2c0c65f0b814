import { type ClusterState, type Node, sumUsd } from '@cloudoptim/core';
import type { Baseline } from './baseline.js';
import { createFirstFit, decreasing, emptied } from './first-fit.js';
import { nodeOf, offersOf } from './offerings.js';

/**
 * What a team does by hand: one instance type for everything, pods by first-fit decreasing, a new node in the zone with the
 * fewest when none takes the pod. Everything is packed anew.
 */
export function oneTypeFirstFit(instanceType: string): Baseline {
  return (state, market) => {
    const { nodes, on, usdPerHour } = packOneType(state, market, instanceType);
    return {
      nodes: nodes.length,
      usdPerHour,
      evictions: state.pods.node.filter((node, pod) => node >= 0 && !isDaemon(state, pod)).length,
      unplaced: on.filter((node) => node === -1).length,
    };
  };
}

/** Nodes of one type and, for pods in decreasing order, on which of them each is. */
export function packOneType(state: ClusterState, market: Parameters<Baseline>[1], instanceType: string) {
  const offers = offersOf(state, market).filter(({ offering }) => offering.instanceType === instanceType);
  const firstFit = createFirstFit(emptied(state));
  const counts = offers.map(() => 0);
  const prices: number[] = [];
  const nodes: Node[] = [];
  const pods = decreasing(state);
  const on = pods.map((pod) => {
    const node = firstFit.place(pod);
    if (node !== -1) return node;
    const order = [...offers.keys()].sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b);
    for (const at of order) {
      const offer = offers[at] as (typeof offers)[number];
      const mark = firstFit.placement.mark();
      const fresh = nodeOf(state, offer, `node-${nodes.length}`);
      const index = firstFit.addNode(fresh);
      if (firstFit.placeOn(pod, index)) {
        counts[at] = (counts[at] as number) + 1;
        prices.push(offer.usdPerHour);
        nodes.push(fresh);
        return index;
      }
      firstFit.placement.rollback(mark);
    }
    return -1;
  });
  return { nodes, pods, on, usdPerHour: sumUsd(prices) };
}

function isDaemon(state: ClusterState, pod: number): boolean {
  return state.workloads[state.pods.workload[pod] as number]?.kind === 'DaemonSet';
}
