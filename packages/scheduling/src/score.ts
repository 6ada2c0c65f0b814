import type { PodFacts } from './pod-facts.js';
import type { View } from './view.js';

export type ScoringRule = 'leastAllocated' | 'mostAllocated' | 'firstFeasible';

/** How good a node is for a pod that fits it: an integer, higher is better. */
export type NodeScore = (view: View, pod: PodFacts, node: number) => number;

/** Shares are scored in steps of a ten-thousandth, as integers, so that equal means equal. */
const steps = 10_000;

/**
 * kube-scheduler's LeastAllocated or MostAllocated over cpu and memory with equal weights (noderesources/least_allocated.go,
 * most_allocated.go), in finer steps; undefined for `firstFeasible`, which takes the first node that fits.
 */
export function nodeScore(rule: ScoringRule): NodeScore | undefined {
  if (rule === 'firstFeasible') return undefined;
  const sign = rule === 'leastAllocated' ? 1 : -1;
  return (view, pod, node) => {
    const allocatable = view.node(node)?.allocatable;
    if (allocatable === undefined) return 0;
    const cpu = share(view.freeCpuMillicores(node) - pod.cpuMillicores, allocatable.cpuMillicores);
    const memory = share(view.freeMemoryBytes(node) - pod.memoryBytes, allocatable.memoryBytes);
    return sign * (cpu + memory);
  };
}

function share(free: number, allocatable: number): number {
  return allocatable <= 0 ? 0 : Math.max(0, Math.floor((free / allocatable) * steps));
}
