import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { Filter } from './filter.js';

/**
 * Pods, cpu, memory, ephemeral storage and extended resources; the only filter that gives all its reasons
 * (noderesources/fit.go). A request of zero fits even a node that is overcommitted.
 */
export const nodeResourcesFit: Filter = (pod, node, view) => {
  if (hasRoom(pod, node, view)) return undefined;
  const reasons: string[] = [];
  if (view.freePods(node) < 1) reasons.push('Too many pods');
  if (pod.cpuMillicores > 0 && pod.cpuMillicores > view.freeCpuMillicores(node)) reasons.push('Insufficient cpu');
  if (pod.memoryBytes > 0 && pod.memoryBytes > view.freeMemoryBytes(node)) reasons.push('Insufficient memory');
  if (pod.ephemeralStorageBytes > 0 && pod.ephemeralStorageBytes > view.freeEphemeralStorageBytes(node))
    reasons.push('Insufficient ephemeral-storage');
  for (const [name, amount] of pod.extended)
    if (amount > view.freeExtended(node, name)) reasons.push(`Insufficient ${name}`);
  return reasons;
};

function hasRoom(pod: PodFacts, node: number, view: View): boolean {
  return (
    view.freePods(node) >= 1 &&
    (pod.cpuMillicores <= 0 || pod.cpuMillicores <= view.freeCpuMillicores(node)) &&
    (pod.memoryBytes <= 0 || pod.memoryBytes <= view.freeMemoryBytes(node)) &&
    (pod.ephemeralStorageBytes <= 0 || pod.ephemeralStorageBytes <= view.freeEphemeralStorageBytes(node)) &&
    pod.extended.every(([name, amount]) => amount <= view.freeExtended(node, name))
  );
}
