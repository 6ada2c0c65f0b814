import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { WorkingPlacement } from '../working-placement.js';

/**
 * NodeResourcesFit: the mean of the free, or of the taken, hundredths of cpu and memory (least_allocated.go, most_allocated.go). Containers
 * that ask for none count as well, and may take more than there is.
 */
export function roomScore(
  pod: PodFacts,
  template: number,
  node: number,
  view: WorkingPlacement,
  strategy: 'LeastAllocated' | 'MostAllocated',
): number {
  const { cpuMillicores = 0, memoryBytes = 0 } = view.node(node)?.allocatable ?? {};
  const counted = (cpuMillicores > 0 ? 1 : 0) + (memoryBytes > 0 ? 1 : 0);
  if (counted === 0) return 0;
  const [there, own] = [view.unasked.on(node), view.unasked.of(template)];
  const cpuLeft = view.freeCpuMillicores(node) - there.cpuMillicores - pod.cpuMillicores - own.cpuMillicores;
  const memoryLeft = view.freeMemoryBytes(node) - there.memoryBytes - pod.memoryBytes - own.memoryBytes;
  const cpu = hundredths(cpuLeft, cpuMillicores, strategy);
  const memory = hundredths(memoryLeft, memoryBytes, strategy);
  return Math.floor((cpu + memory) / counted);
}

function hundredths(left: number, capacity: number, strategy: 'LeastAllocated' | 'MostAllocated'): number {
  if (capacity <= 0) return 0;
  const free = Math.max(0, left);
  return Math.floor(((strategy === 'LeastAllocated' ? free : capacity - free) * 100) / capacity);
}

/** NodeResourcesBalancedAllocation: whether the pod brings cpu and memory closer together (balanced_allocation.go, 1.36). */
export function balanceScore(pod: PodFacts, node: number, view: View): number {
  // It has nothing to say of a pod that asks for nothing.
  if (pod.cpuMillicores === 0 && pod.memoryBytes === 0) return 0;
  const { cpuMillicores = 0, memoryBytes = 0 } = view.node(node)?.allocatable ?? {};
  const cpu = cpuMillicores - view.freeCpuMillicores(node);
  const memory = memoryBytes - view.freeMemoryBytes(node);
  const before = balance(cpu, cpuMillicores, memory, memoryBytes);
  const after = balance(cpu + pod.cpuMillicores, cpuMillicores, memory + pod.memoryBytes, memoryBytes);
  return 50 + Math.trunc((50 + after - before) / 2);
}

/** Numbers and no lists: it is asked twice for every node of every choice. */
function balance(cpu: number, ofCpu: number, memory: number, ofMemory: number): number {
  if (ofCpu <= 0 || ofMemory <= 0) return 100;
  const apart = Math.abs(Math.min(1, cpu / ofCpu) - Math.min(1, memory / ofMemory)) / 2;
  return Math.trunc((1 - apart) * 100);
}
