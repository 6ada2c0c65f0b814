import type { ClusterState, Market, NodeResources, ResourceAmounts } from '@cloudoptim/core';

/** The resources that the bound counts: these four, then extended ones. Amounts stand in vectors in this order. */
export interface Rows {
  readonly names: readonly string[];
  readonly extended: readonly string[];
}

const everyNode = ['cpu', 'memory', 'pods', 'ephemeral-storage'] as const;

/**
 * An extended resource is counted where the market says what instance types have of it. One that only running nodes
 * advertise is left out: a new node might have it as well, and the bound would call that impossible. Resources that a
 * DeviceClass serves are not the node's to give.
 */
export function rowsOf(state: ClusterState, market: Market): Rows {
  const offered = new Set<string>();
  for (const { allocatable } of market.instanceTypes)
    for (const name of Object.keys(allocatable.extended ?? {})) offered.add(name);
  for (const { extendedResourceName } of state.deviceClasses)
    if (extendedResourceName !== undefined) offered.delete(extendedResourceName);
  const asked = new Set<string>();
  for (const { needs } of state.podTemplates)
    for (const name of Object.keys(needs.extended ?? {})) if (offered.has(name)) asked.add(name);
  const extended = [...asked].sort();
  return { names: [...everyNode, ...extended], extended };
}

export function amountsOf(
  rows: Rows,
  { cpuMillicores, memoryBytes, ephemeralStorageBytes = 0, extended }: ResourceAmounts,
): number[] {
  return [cpuMillicores, memoryBytes, 1, ephemeralStorageBytes, ...rows.extended.map((name) => amount(extended, name))];
}

export function capacityOf(rows: Rows, resources: NodeResources): number[] {
  const capacity = amountsOf(rows, resources);
  capacity[2] = resources.pods;
  return capacity;
}

function amount(amounts: Readonly<Record<string, number>> | undefined, name: string): number {
  return amounts !== undefined && Object.hasOwn(amounts, name) ? (amounts[name] as number) : 0;
}
