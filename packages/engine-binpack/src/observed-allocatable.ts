import type { ClusterState, JsonValue, NodeResources } from '@cloudoptim/core';
import { atMost } from './choose-offerings.js';
import { ownerKey } from './launch-pool.js';

/**
 * What nodes of a pool and type really offer, by `observedKey`: the least seen of each resource. Settings of the kubelet that no
 * formula knows show there, so it beats the formula for a new node.
 */
export type Observed = ReadonlyMap<string, NodeResources>;

/** Most entries remembered: pools times types in use, far below the limit of an engine's memory. */
const mostRemembered = 500;

/** `kind/pool|type` */
export function observedKey(owner: string, instanceType: string): string {
  return `${owner}|${instanceType}`;
}

/**
 * What the nodes of the state show; of types that have gone, what was remembered. Without that memory the last node of a type
 * would take the knowledge with it, and the next analysis would take back what this one decided.
 */
export function observedAllocatable(state: ClusterState, memory: JsonValue | undefined): Observed {
  const seen = new Map<string, NodeResources>();
  for (const { owner, instanceType, ready, allocatable } of state.nodes) {
    if (instanceType === undefined || !ready) continue;
    const key = observedKey(ownerKey(owner), instanceType);
    seen.set(key, atMost(allocatable, seen.get(key)));
  }
  return new Map([...remembered(memory), ...seen]);
}

/** To be handed back as the memory of the next analysis. */
export function observedMemory(observed: Observed): JsonValue {
  const entries = [...observed].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, mostRemembered);
  return { observed: entries.map(([key, resources]) => [key, { ...resources }]) } as unknown as JsonValue;
}

/** Memory may come from an older version of this engine: what is not as written above is forgotten. */
function remembered(memory: JsonValue | undefined): [string, NodeResources][] {
  if (typeof memory !== 'object' || memory === null || !('observed' in memory)) return [];
  const { observed } = memory as { readonly observed: unknown };
  if (!Array.isArray(observed)) return [];
  return observed.filter(
    (entry): entry is [string, NodeResources] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && isResources(entry[1]),
  );
}

function isResources(value: unknown): value is NodeResources {
  if (typeof value !== 'object' || value === null) return false;
  const { cpuMillicores, memoryBytes, pods } = value as Partial<NodeResources>;
  return [cpuMillicores, memoryBytes, pods].every((amount) => typeof amount === 'number' && amount >= 0);
}
