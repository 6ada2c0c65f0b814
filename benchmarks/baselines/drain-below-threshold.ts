import { createPriceBook, type Node, type NodeResources, sumUsd } from '@cloudoptim/core';
import type { Baseline } from './baseline.js';
import { createFirstFit, decreasing } from './first-fit.js';

/**
 * Cluster Autoscaler's scale-down (FAQ, "How does scale-down work?"): a node whose requests are below half of what it offers, of
 * cpu and of memory, DaemonSets counted in, goes when all its pods fit elsewhere; the emptiest first, one after another. It
 * never launches a smaller one.
 */
export function drainBelowThreshold(threshold = 0.5): Baseline {
  return (state, market) => {
    const book = createPriceBook(market);
    const firstFit = createFirstFit(state);
    const { placement } = firstFit;
    let evictions = 0;
    const use = (node: number) => utilisation(placement.node(node) as Node, placement.free(node));
    const order = [...state.nodes.keys()].sort((a, b) => use(a) - use(b) || a - b);
    const gone = new Set<number>();
    for (const node of order) {
      // Pods of nodes that went before may have filled it meanwhile.
      if (use(node) >= threshold) continue;
      const movable = placement.podsOn(node).filter((pod) => pod < state.pods.count);
      const arrived = placement.podsOn(node).length > movable.length;
      if (arrived) continue;
      const mark = placement.mark();
      const pods = decreasing(state, movable);
      placement.removeNode(node);
      if (pods.every((pod) => firstFit.place(pod) !== -1)) {
        evictions += pods.length;
        gone.add(node);
      } else firstFit.rollback(mark);
    }
    const left = state.nodes.filter((_, node) => !gone.has(node));
    return {
      nodes: left.length,
      usdPerHour: sumUsd(left.map((node) => book.nodeUsdPerHour(node) ?? 0)),
      evictions,
      unplaced: state.pods.node.filter((node) => node === -1).length,
    };
  };
}

function utilisation({ allocatable }: Node, free: NodeResources): number {
  const cpu = 1 - free.cpuMillicores / allocatable.cpuMillicores;
  const memory = 1 - free.memoryBytes / allocatable.memoryBytes;
  return Math.max(cpu, memory);
}
