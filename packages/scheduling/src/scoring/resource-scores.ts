import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';

type Amounts = readonly [cpu: number, memory: number];

/** NodeResourcesFit: the mean of the free, or of the taken, hundredths of cpu and memory (least_allocated.go, most_allocated.go). */
export function roomScore(
  pod: PodFacts,
  node: number,
  view: View,
  strategy: 'LeastAllocated' | 'MostAllocated',
): number {
  const { allocatable, taken } = amounts(node, view);
  const wanted: Amounts = [taken[0] + pod.cpuMillicores, taken[1] + pod.memoryBytes];
  let sum = 0;
  let counted = 0;
  for (const [at, capacity] of allocatable.entries()) {
    if (capacity <= 0) continue;
    counted++;
    const requested = wanted[at] as number;
    if (requested > capacity) continue;
    sum += Math.floor(((strategy === 'LeastAllocated' ? capacity - requested : requested) * 100) / capacity);
  }
  return counted === 0 ? 0 : Math.floor(sum / counted);
}

/** NodeResourcesBalancedAllocation: whether the pod brings cpu and memory closer together (balanced_allocation.go, 1.36). */
export function balanceScore(pod: PodFacts, node: number, view: View): number {
  // It has nothing to say of a pod that asks for nothing.
  if (pod.cpuMillicores === 0 && pod.memoryBytes === 0) return 0;
  const { allocatable, taken } = amounts(node, view);
  const after = balance([taken[0] + pod.cpuMillicores, taken[1] + pod.memoryBytes], allocatable);
  return 50 + Math.trunc((50 + after - balance(taken, allocatable)) / 2);
}

function balance(requested: Amounts, allocatable: Amounts): number {
  const shares = allocatable.flatMap((capacity, at) =>
    capacity <= 0 ? [] : [Math.min(1, (requested[at] as number) / capacity)],
  );
  const apart = shares.length < 2 ? 0 : Math.abs((shares[0] as number) - (shares[1] as number)) / 2;
  return Math.trunc((1 - apart) * 100);
}

function amounts(node: number, view: View): { readonly allocatable: Amounts; readonly taken: Amounts } {
  const { cpuMillicores = 0, memoryBytes = 0 } = view.node(node)?.allocatable ?? {};
  return {
    allocatable: [cpuMillicores, memoryBytes],
    taken: [cpuMillicores - view.freeCpuMillicores(node), memoryBytes - view.freeMemoryBytes(node)],
  };
}
