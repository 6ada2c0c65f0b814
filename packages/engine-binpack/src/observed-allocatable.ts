import type { ClusterState, NodeResources } from '@cloudoptim/core';
import { atMost } from './compare-resources.js';
import { ownerKey } from './launch-pool.js';

/**
 * What nodes of a pool and type really offer, by `observedKey`: the least seen of each resource. Settings of the kubelet that no
 * formula knows show there, so it beats the formula for a new node.
 */
export type Observed = ReadonlyMap<string, NodeResources>;

/** `kind/pool|type` */
export function observedKey(owner: string, instanceType: string): string {
  return `${owner}|${instanceType}`;
}

/**
 * What the nodes of the state show; of types that have gone, what was remembered. Without that memory the last node of a type
 * would take the knowledge with it, and the next analysis would take back what this one decided.
 */
export function observedAllocatable(state: ClusterState, remembered: Observed): Observed {
  const seen = new Map<string, NodeResources>();
  for (const { owner, instanceType, ready, allocatable } of state.nodes) {
    if (instanceType === undefined || !ready) continue;
    const key = observedKey(ownerKey(owner), instanceType);
    seen.set(key, atMost(allocatable, seen.get(key)));
  }
  return new Map([...remembered, ...seen]);
}
